import type { MachineId } from '../address/identifiers.ts'
import type { ShardId } from '../address/shard-id.ts'
import { DiscoveryError } from '../error/discovery-error.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { AcquireResult, Membership, RunnerInfo } from '../ports/discovery.ts'
import type { Lease, MemoryCluster } from './memory-cluster.ts'

/** How many times a lease is renewed while one renewal would last. */
const renewalsPerLease = 3

/** A runner's way to the registry. */
export interface ClusterLink {
  readonly cluster: MemoryCluster
  readonly clock: Clock
  /** @throws DiscoveryError when it is cut. */
  check(): void
  isCut(): boolean
}

/** One runner's lease in a {@link MemoryCluster}, kept alive from the runner's side. */
export class MemoryMembership implements Membership {
  readonly machineId: MachineId
  readonly #link: ClusterLink
  readonly #lease: Lease
  readonly #lost = new AbortController()
  #deadline = 0
  #renewal: Timer | undefined
  #expiry: Timer | undefined
  #isOver = false

  constructor(link: ClusterLink, info: RunnerInfo) {
    link.check()
    this.#link = link
    this.#lease = link.cluster.join(info)
    this.machineId = this.#lease.machineId
    this.#keepAlive()
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  leaseDeadline(): number {
    return this.#deadline
  }

  async update(info: RunnerInfo): Promise<void> {
    this.#check()
    this.#link.cluster.update(this.#lease, info)
  }

  async acquire(shards: readonly ShardId[]): Promise<readonly AcquireResult[]> {
    this.#check()
    return this.#link.cluster.acquire(this.#lease, shards)
  }

  async release(shards: readonly ShardId[]): Promise<void> {
    this.#check()
    this.#link.cluster.release(this.#lease, shards)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop()
    // Out of reach, the registry finds out when the lease runs out.
    if (!this.#link.isCut()) this.#link.cluster.leave(this.#lease)
  }

  #keepAlive(): void {
    const { cluster, clock } = this.#link
    this.#renewal = clock.setTimer(cluster.leaseTtlMs / renewalsPerLease, () => this.#keepAlive())
    if (this.#link.isCut()) return
    if (!cluster.isLive(this.#lease)) return this.#lose()
    // This side first: at the same moment, this runner has to stop before others are told that its shards are free.
    this.#deadline = clock.monotonic() + cluster.leaseTtlMs
    this.#expiry?.cancel()
    this.#expiry = clock.setTimer(cluster.leaseTtlMs, () => this.#lose())
    cluster.renew(this.#lease)
  }

  #lose(): void {
    this.#stop()
    const { instanceId, address } = this.#lease.info
    this.#lost.abort(
      new DiscoveryError(
        `The lease of runner ${instanceId} at ${address} could not be renewed in time. Others may own its shards now. ` +
          'Join again, and check the way to the registry.',
      ),
    )
  }

  #stop(): void {
    this.#isOver = true
    this.#renewal?.cancel()
    this.#expiry?.cancel()
    this.#deadline = Math.min(this.#deadline, this.#link.clock.monotonic())
  }

  #check(): void {
    this.#link.check()
    if (!this.#isOver && this.#link.cluster.isLive(this.#lease)) return
    throw new DiscoveryError(
      `The membership of runner ${this.#lease.info.instanceId} is over. Join again for a new one.`,
    )
  }
}
