import type { InstanceId } from '@cruster/core'
import { instanceId } from '@cruster/core'
import type { Discovery, Fence, Membership, RunnerInfo, Storage } from '@cruster/core/ports'
import type { ClusterWatch } from '../membership/cluster-watch.ts'
import type { ShardHost } from '../ownership/shard-keeper.ts'
import { ShardKeeper } from '../ownership/shard-keeper.ts'
import { shardsOf } from '../placement/assignment.ts'
import { sleep } from '../time/sleep.ts'
import { within } from '../time/within.ts'
import { LeaseGuard } from './lease-guard.ts'
import type { Services } from './services.ts'

export interface MemberOptions {
  readonly services: Omit<Services, 'storage'>
  /** Claims shards. Undefined for a member that takes none. */
  readonly storage: Storage | undefined
  readonly discovery: Discovery
  readonly watch: ClusterWatch
  readonly host: ShardHost
  /** What the runner tells about itself, under the instance id of a life. */
  readonly info: (instance: InstanceId) => RunnerInfo
  /** A new life in the cluster has begun. */
  readonly joined: (membership: Membership) => void
  /** The life is over, and its machine id is somebody else's soon. */
  readonly left: () => void
}

/** Time for the cluster to take the locks back, beyond what handlers are given to end. */
const goodbyeMs = 5_000

/** How long a start waits for shards to be owned. They are taken afterwards too, as soon as that is possible. */
const settleMs = 10_000

/** Pause before a lost place in the cluster is taken again. */
const rejoinDelayMs = 500

/**
 * One life in the cluster after the other: joins, takes the shards that the assignment gives it, and after the loss of
 * its lease abandons everything and joins anew, under a new instance id and with new epochs.
 */
export class Member {
  readonly #options: MemberOptions
  readonly #stop = new AbortController()
  #life: Life | undefined
  #rejoining: Promise<void> | undefined

  constructor(options: MemberOptions) {
    this.#options = options
  }

  get instanceId(): InstanceId | undefined {
    return this.#life?.instanceId
  }

  /** Whether what this runner owns is certain at this moment. */
  get mayExecute(): boolean {
    return this.#life?.guard.isCertain ?? false
  }

  get ownedCount(): number {
    return this.#life?.keeper.ownedCount ?? 0
  }

  /** Since when shards are on their way, on the monotonic clock; undefined when they are where they belong. */
  get unsettledSince(): number | undefined {
    return this.#life?.keeper.unsettledSince
  }

  /** Whether a shard is owned at this moment. */
  owns(shard: Fence['shard']): boolean {
    return this.mayExecute && this.#life?.keeper.state(shard).kind === 'owned'
  }

  /** Whether a shard will be owned in a moment, as far as can be known. */
  isComing(shard: Fence['shard']): boolean {
    return this.mayExecute && this.#life?.keeper.isComing(shard) === true
  }

  /** Joins. Rejects when the cluster refuses. */
  async join(): Promise<void> {
    const { services, storage, discovery, host, info, joined } = this.#options
    const id = instanceId(services.random.uuid())
    const membership = await discovery.join(info(id))
    const keeper = new ShardKeeper(membership, { ...services, storage, host })
    const guard = new LeaseGuard(services.clock, membership, () => this.#lose(life))
    const life: Life = { instanceId: id, membership, keeper, guard }
    this.#life = life
    joined(membership)
    this.reconcile()
  }

  /** Moves towards what the assignment says. Call it after each change of the cluster. */
  reconcile(): void {
    const life = this.#life
    if (life === undefined || this.#stop.signal.aborted) return
    const { watch } = this.#options
    life.keeper.reconcile(shardsOf(watch.assignment, life.instanceId), watch.view, life.instanceId)
  }

  fenced({ shard, epoch }: Fence): void {
    this.#life?.keeper.fenced(shard, epoch)
  }

  /** Resolves when every shard that is wanted and not somebody else's is owned. */
  async settled(): Promise<void> {
    const { services } = this.#options
    if (this.#life !== undefined) await within(services.clock, settleMs, this.#life.keeper.settled())
  }

  /** Publishes what has changed about the runner. */
  async update(): Promise<void> {
    const life = this.#life
    if (life !== undefined) await life.membership.update(this.#options.info(life.instanceId))
  }

  /** Gives every shard away, once what runs on it has ended, and leaves the cluster. */
  async leave(): Promise<void> {
    this.#stop.abort()
    await this.#rejoining
    const life = this.#life
    if (life === undefined) return
    const { services, watch } = this.#options
    life.keeper.reconcile(new Set(), watch.view, life.instanceId)
    const limitMs = services.config.terminationTimeoutMs + goodbyeMs
    if (!(await within(services.clock, limitMs, life.keeper.released()))) {
      services.log.log('warn', 'Not every shard could be given back in time; the rest is free when the lease ends.')
      life.keeper.lose()
    }
    this.#life = undefined
    life.guard[Symbol.dispose]()
    await life.keeper.stopped()
    await life.membership[Symbol.asyncDispose]()
  }

  /** Ends at once, as a crash would: nothing is given away or told to anybody. */
  kill(): void {
    this.#stop.abort()
    const life = this.#life
    this.#life = undefined
    life?.guard[Symbol.dispose]()
    life?.keeper.lose()
  }

  #lose(life: Life): void {
    if (this.#life !== life) return
    this.#options.services.log.log('error', 'The lease was lost: all shards are abandoned, and the runner joins anew.')
    this.#options.services.metrics.count('cruster_leases_lost_total')
    this.#life = undefined
    this.#options.left()
    life.keeper.lose()
    this.#rejoining ??= this.#rejoin(life).finally(() => (this.#rejoining = undefined))
  }

  async #rejoin(lost: Life): Promise<void> {
    const { services } = this.#options
    const { signal } = this.#stop
    await closeLost(lost.membership, services)
    while (this.#life === undefined && !signal.aborted) {
      try {
        await this.join()
      } catch (error) {
        services.log.log('warn', 'The cluster cannot be joined again yet.', { error })
        await sleep(services.clock, rejoinDelayMs, signal)
      }
    }
  }
}

/** One membership with what depends on it. */
interface Life {
  readonly instanceId: InstanceId
  readonly membership: Membership
  readonly keeper: ShardKeeper
  readonly guard: LeaseGuard
}

/** Its lease is over: closing it can fail, and nothing depends on it. */
async function closeLost(membership: Membership, { log }: Pick<Services, 'log'>): Promise<void> {
  try {
    await membership[Symbol.asyncDispose]()
  } catch (error) {
    log.log('debug', 'A lost membership could not be closed.', { error })
  }
}
