import type { RunnerAddress, ShardId } from '@cruster/core'
import { ShuttingDown } from '@cruster/core'
import type { Clock, RunnerInfo } from '@cruster/core/ports'
import type { Endpoint, OwnerHint } from '../connection/endpoint.ts'
import type { ClusterView } from '../membership/cluster-view.ts'
import type { Assignment } from '../placement/assignment.ts'
import { TurnoverSet } from '../turnover/turnover-set.ts'

/** Where a request goes next. */
export interface Route {
  readonly address: RunnerAddress
  readonly endpoint: Endpoint
  /** Of the ownership under which it is expected there. 0 when nobody is known to own the shard. */
  readonly epoch: number
}

export interface RouterOptions {
  readonly clock: Clock
  /** What is known of the cluster now. */
  readonly view: () => ClusterView
  readonly assignment: () => Assignment
  /** Requests to this process's own runner take no line. */
  readonly local: { readonly address: () => RunnerAddress | undefined; readonly endpoint: Endpoint } | undefined
  readonly peer: (address: RunnerAddress) => Endpoint
}

/** Somebody who waits for a change, and what he knew when he began. */
interface Waiter {
  readonly shard: ShardId | undefined
  readonly owner: string
  readonly wake: () => void
}

/** Knows who to ask: the holder of a shard's lock; without one, whoever should take it. */
export class Router {
  readonly #options: RouterOptions
  readonly #waiters = new Set<Waiter>()
  readonly #callers = new TurnoverSet<() => void>()
  #isClosed = false

  constructor(options: RouterOptions) {
    this.#options = options
  }

  /** Whether this process has ended, and no call can begin. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /**
   * Lets a call begin, which is stopped when this process ends. The returned function says that it is over.
   *
   * @throws ShuttingDown when the process has ended already.
   */
  enter(stop: () => void): () => void {
    if (this.#isClosed) throw new ShuttingDown()
    this.#callers.add(stop)
    return () => this.#callers.delete(stop)
  }

  /** This process ends: whatever calls are under way are stopped, and none begins any more. */
  close(): void {
    this.#isClosed = true
    for (const stop of this.#callers) stop()
    this.#callers.clear()
    this.#wake([...this.#waiters])
  }

  /** Undefined while nobody can host the shard. A hint counts when it is newer than what is known. */
  route(shard: ShardId, hint?: OwnerHint): Route | undefined {
    const owner = this.#owner(shard, hint)
    if (owner === undefined) return undefined
    const { address } = owner
    const { local, peer } = this.#options
    const endpoint = local !== undefined && local.address() === address ? local.endpoint : peer(address)
    return { ...owner, endpoint }
  }

  /** What this process knows about who owns a shard. */
  hint(shard: ShardId): OwnerHint | undefined {
    const lock = this.#options.view().locks.get(shard)
    const owner = lock === undefined ? undefined : this.#runner(lock.instanceId)
    return lock === undefined || owner === undefined ? undefined : { address: owner.address, epoch: lock.epoch }
  }

  /** Something has changed in the cluster: wakes who waits for a shard that leads elsewhere now. */
  changed(): void {
    const owners = new Map<ShardId, string>()
    const isElsewhere = ({ shard, owner }: Waiter): boolean => {
      if (shard === undefined) return true
      const now = owners.get(shard) ?? this.#ownerOf(shard)
      owners.set(shard, now)
      return now !== owner
    }
    this.#wake([...this.#waiters].filter(isElsewhere))
  }

  /**
   * Calls back when the shard leads elsewhere, or after a pause; until the returned function is called. Without a shard, at
   * any change of the cluster.
   */
  wait(pauseMs: number, wake: () => void, shard?: ShardId): () => void {
    const waiter: Waiter = {
      shard,
      owner: shard === undefined ? '' : this.#ownerOf(shard),
      wake: () => {
        stop()
        wake()
      },
    }
    const timer = this.#options.clock.setTimer(pauseMs, () => {
      waiter.wake()
    })
    const stop = (): void => {
      timer.cancel()
      this.#waiters.delete(waiter)
    }
    this.#waiters.add(waiter)
    return stop
  }

  #wake(waiters: readonly Waiter[]): void {
    for (const waiter of waiters) if (this.#waiters.has(waiter)) waiter.wake()
  }

  /** Under which ownership a shard is, or who should take it: equal texts lead to the same runner with the same result. */
  #ownerOf(shard: ShardId): string {
    const lock = this.#options.view().locks.get(shard)
    const holder = lock === undefined ? undefined : this.#runner(lock.instanceId)
    if (lock !== undefined && holder !== undefined) return `${lock.instanceId} ${lock.epoch} ${holder.state}`
    const desired = this.#options.assignment().get(shard)
    return desired === undefined || this.#runner(desired) === undefined ? '' : desired
  }

  #owner(shard: ShardId, hint: OwnerHint | undefined): Omit<Route, 'endpoint'> | undefined {
    const known = this.hint(shard)
    if (hint !== undefined && hint.epoch > (known?.epoch ?? 0)) return hint
    if (known !== undefined) return known
    const desired = this.#options.assignment().get(shard)
    const runner = desired === undefined ? undefined : this.#runner(desired)
    return runner === undefined ? undefined : { address: runner.address, epoch: 0 }
  }

  #runner(instance: RunnerInfo['instanceId']): RunnerInfo | undefined {
    return this.#options.view().runners.get(instance)
  }
}
