import { DiscoveryError } from '../error/discovery-error.ts'
import type { Clock } from '../ports/clock.ts'
import type {
  ClusterSettings,
  Discovery,
  DiscoveryEvent,
  Membership,
  RunnerInfo,
  SettingsResult,
} from '../ports/discovery.ts'
import { BatchQueue } from './batch-queue.ts'
import type { MemoryCluster } from './memory-cluster.ts'
import type { ClusterLink } from './memory-membership.ts'
import { MemoryMembership } from './memory-membership.ts'

/** How a {@link MemoryDiscovery} is made. */
export interface MemoryDiscoveryOptions {
  /** Clock of the runner, when it is to be stopped apart from the cluster's. Default: the cluster's. */
  readonly clock?: Clock
}

/** One process's way to a {@link MemoryCluster}, which can be cut. The reference for the laws of discovery. */
export class MemoryDiscovery implements Discovery {
  readonly name = 'memory'
  readonly #link: ClusterLink
  readonly #watches = new Set<BatchQueue<DiscoveryEvent>>()
  readonly #memberships = new Set<Membership>()
  readonly #unsubscribe: () => void
  #isCut = false
  #isDisposed = false

  constructor(cluster: MemoryCluster, options: MemoryDiscoveryOptions = {}) {
    this.#link = {
      cluster,
      clock: options.clock ?? cluster.clock,
      check: () => this.#check(),
      isCut: () => this.#isCut,
    }
    this.#unsubscribe = cluster.subscribe((events) => this.#tell(events))
  }

  /** Cuts this process off: it can neither ask nor renew, and hears nothing. */
  partition(): void {
    this.#isCut = true
  }

  /** Ends the partition. Watches hear the whole truth again; a lease that has run out meanwhile stays lost. */
  heal(): void {
    if (!this.#isCut) return
    this.#isCut = false
    this.#tell([this.#link.cluster.snapshot()])
  }

  async agree(settings: ClusterSettings): Promise<SettingsResult> {
    this.#check()
    return this.#link.cluster.agree(settings)
  }

  async join(info: RunnerInfo): Promise<Membership> {
    const membership = new MemoryMembership(this.#link, info)
    this.#memberships.add(membership)
    return membership
  }

  watch(signal: AbortSignal): AsyncIterable<readonly DiscoveryEvent[]> {
    const events = new BatchQueue<DiscoveryEvent>()
    const end = (): void => {
      this.#watches.delete(events)
      events.end()
    }
    if (signal.aborted || this.#isDisposed) end()
    else this.#watches.add(events)
    signal.addEventListener('abort', end, { once: true })
    if (!this.#isCut) events.push([this.#link.cluster.snapshot()])
    return events
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    this.#unsubscribe()
    for (const events of this.#watches) events.end()
    for (const membership of this.#memberships) await membership[Symbol.asyncDispose]()
  }

  #tell(events: readonly DiscoveryEvent[]): void {
    if (this.#isCut) return
    for (const watch of this.#watches) watch.push(events)
  }

  #check(): void {
    if (this.#isDisposed) throw new DiscoveryError('This discovery is closed. Open another one.')
    if (this.#isCut)
      throw new DiscoveryError('The registry of the cluster cannot be reached. Nothing was changed; try again.')
  }
}
