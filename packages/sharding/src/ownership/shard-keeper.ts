import type { Epoch, ShardId } from '@cruster/core'
import type { Clock, Logger, Membership, Random, Storage, Timer } from '@cruster/core/ports'
import type { ClusterView } from '../membership/cluster-view.ts'
import type { ShardEffect, ShardEvent, ShardState } from './shard-state.ts'
import { free, isOpen, reduceShard } from './shard-state.ts'

/** Runs the entities of shards; told by the keeper when it may, and when no longer. */
export interface ShardHost {
  /** The shard is owned from now on. */
  take(shard: ShardId, epoch: Epoch): void
  /** Accept nothing new; resolve when everything that ran has ended and is stored. Never rejects. */
  drain(shard: ShardId): Promise<void>
  /** The shard is somebody else's already: abort everything at once. */
  abandon(shard: ShardId): void
}

export interface KeeperOptions {
  /** Undefined for a member that takes no shard. */
  readonly storage: Storage | undefined
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly host: ShardHost
}

/** Mean pause before a lock or a claim that failed is tried again; jittered by half. */
const retryDelayMs = 200

/** Drives the state machine of every shard of one membership: the shell around {@link reduceShard}. */
export class ShardKeeper {
  readonly #options: KeeperOptions
  readonly #membership: Membership
  readonly #states = new Map<ShardId, ShardState>()
  readonly #steps: Record<'acquire' | 'claim' | 'unlock', Set<ShardId>> = {
    acquire: new Set(),
    claim: new Set(),
    unlock: new Set(),
  }
  readonly #running = new Set<Promise<void>>()
  readonly #retries = new Set<Timer>()
  readonly #waiters = new Set<{ readonly isMet: () => boolean; readonly resolve: () => void }>()
  /** Shards whose claim was refused, until a pause is over. */
  readonly #resting = new Set<ShardId>()
  /** Locks that were given back, until the view shows it: it lags behind. */
  readonly #givenBack = new Map<ShardId, Epoch>()
  #isListed = false
  #unsettledSince: number | undefined
  #wanted: ReadonlySet<ShardId> = new Set()
  #view: ClusterView | undefined
  #flushing = false
  #over = false

  constructor(membership: Membership, options: KeeperOptions) {
    this.#membership = membership
    this.#options = options
  }

  state(shard: ShardId): ShardState {
    return this.#states.get(shard) ?? free
  }

  /** Whether the shard is being taken, or will be as soon as its owner has let it go, which is on the way out. */
  isComing(shard: ShardId): boolean {
    const { kind } = this.state(shard)
    if (kind !== 'free') return kind === 'acquiring' || kind === 'claiming'
    if (!this.#wanted.has(shard) || this.#resting.has(shard)) return false
    const holder = this.#view?.locks.get(shard)?.instanceId
    return holder === undefined || this.#view?.runners.get(holder)?.state !== 'active'
  }

  /** How many shards are owned. */
  get ownedCount(): number {
    let count = 0
    for (const state of this.#states.values()) if (state.kind === 'owned') count++
    return count
  }

  /** Moves towards owning exactly the wanted shards, given who holds which lock. Call it after each change. */
  reconcile(wanted: ReadonlySet<ShardId>, view: ClusterView, self: string): void {
    this.#wanted = wanted
    this.#view = view
    this.#isListed ||= [...view.runners.keys()].some((instance) => instance === self)
    for (const shard of wanted)
      if (!this.#resting.has(shard) && this.#canTake(shard, self)) this.#apply(shard, { kind: 'wanted' })
    for (const [shard, state] of this.#states) {
      if (!wanted.has(shard) && state.kind !== 'free') this.#apply(shard, { kind: 'unwanted' })
    }
    this.#unlockStrays(view, self)
    this.#work()
  }

  /** A unit of the shard was refused: give it up, unless it has changed hands since. */
  fenced(shard: ShardId, epoch: Epoch): void {
    const state = this.state(shard)
    if (!isOpen(state) || !('epoch' in state) || state.epoch !== epoch) return
    this.#options.log.log('warn', 'Another runner has claimed a shard; this one gives it up.', { shard, epoch })
    this.#apply(shard, { kind: 'fenced' })
    this.#flush()
  }

  /** The lease is over: everything is abandoned, and nothing is done any more. */
  lose(): void {
    this.#over = true
    for (const shard of this.#states.keys()) this.#apply(shard, { kind: 'lost' })
    for (const set of Object.values(this.#steps)) set.clear()
    for (const timer of this.#retries) timer.cancel()
    this.#settle()
  }

  /** Resolves when no shard is held and no step is under way. */
  async released(): Promise<void> {
    await this.#until(() => this.#states.size === 0 && this.#running.size === 0)
  }

  /** Resolves when the cluster has taken note of this runner, and every shard that it can have is its own. */
  async settled(): Promise<void> {
    await this.#until(() => this.#isSettled)
  }

  /** Since when that is not so, on the monotonic clock. */
  get unsettledSince(): number | undefined {
    return this.#unsettledSince
  }

  get #isSettled(): boolean {
    return this.#isListed && [...this.#states.values()].every(isOpen)
  }

  /** Resolves when steps that were under way have ended; after {@link lose} that is soon. */
  async stopped(): Promise<void> {
    this.#over = true
    for (const timer of this.#retries) timer.cancel()
    await Promise.all(this.#running)
  }

  #canTake(shard: ShardId, self: string): boolean {
    const lock = this.#view?.locks.get(shard)
    return this.state(shard).kind !== 'free' || lock === undefined || lock.instanceId === self
  }

  /** A lock that discovery says is ours but that we do not know of: an acquisition whose answer was lost. */
  #unlockStrays(view: ClusterView, self: string): void {
    for (const [shard, epoch] of this.#givenBack) {
      if (view.locks.get(shard)?.epoch !== epoch) this.#givenBack.delete(shard)
    }
    for (const [shard, lock] of view.locks) {
      if (lock.instanceId !== self || this.#wanted.has(shard) || this.#givenBack.has(shard)) continue
      if (this.state(shard).kind !== 'free') continue
      this.#states.set(shard, { kind: 'unlocking' })
      this.#steps.unlock.add(shard)
    }
  }

  #apply(shard: ShardId, event: ShardEvent): void {
    const { state, effects } = reduceShard(this.state(shard), event)
    if (state.kind === 'free') this.#states.delete(shard)
    else this.#states.set(shard, state)
    for (const effect of effects) this.#perform(shard, state, effect)
  }

  #perform(shard: ShardId, state: ShardState, effect: ShardEffect): void {
    const { host } = this.#options
    switch (effect) {
      case 'take':
        if ('epoch' in state) host.take(shard, state.epoch)
        return
      case 'abandon':
        host.abandon(shard)
        return
      case 'drain':
        this.#track(this.#drain(shard))
        return
      default:
        this.#steps[effect].add(shard)
    }
  }

  async #drain(shard: ShardId): Promise<void> {
    await this.#options.host.drain(shard)
    this.#apply(shard, { kind: 'drained' })
    this.#flush()
  }

  /** Does the collected work soon, with what else comes until then. */
  #flush(): void {
    if (this.#flushing || this.#over) return
    this.#flushing = true
    this.#options.clock.defer(() => {
      this.#flushing = false
      this.#work()
    })
  }

  /** Does the collected work in batches: one request each for all shards of a kind. */
  #work(): void {
    for (const kind of ['unlock', 'claim', 'acquire'] as const) {
      const shards = [...this.#steps[kind]]
      this.#steps[kind].clear()
      if (shards.length > 0 && !this.#over) this.#track(this.#step(kind, shards))
    }
    this.#settle()
  }

  async #step(kind: 'acquire' | 'claim' | 'unlock', shards: readonly ShardId[]): Promise<void> {
    try {
      if (kind === 'acquire') await this.#acquire(shards)
      else if (kind === 'claim') await this.#claim(shards)
      else await this.#unlock(shards)
    } catch (error) {
      this.#options.log.log('warn', `Shards could not be ${pastTense[kind]}; this is tried again.`, {
        shards: shards.length,
        error,
      })
      this.#retry(kind, shards)
    }
    // The next step of all of them: callers wait for it.
    this.#work()
  }

  async #acquire(shards: readonly ShardId[]): Promise<void> {
    let held = false
    for (const result of await this.#membership.acquire(shards)) {
      if (result.kind === 'held') held = true
      this.#apply(result.shard, result)
    }
    // The holder's release wakes us through the watch; this is for a watch that lags behind.
    if (held) this.#retry('acquire', shards)
  }

  async #claim(shards: readonly ShardId[]): Promise<void> {
    const fences = shards.flatMap((shard) => {
      const state = this.state(shard)
      return state.kind === 'claiming' ? [{ shard, epoch: state.epoch }] : []
    })
    const results = (await this.#options.storage?.claim(fences)) ?? []
    for (const [index, fence] of fences.entries()) {
      const state = this.state(fence.shard)
      if (this.#over || state.kind !== 'claiming' || state.epoch !== fence.epoch) continue
      if (results[index] !== 'claimed') this.#rest(fence.shard)
      this.#apply(fence.shard, { kind: results[index] === 'claimed' ? 'claimed' : 'refused' })
    }
  }

  /** Its lock is given back, and not taken again at once: another claim would be refused likewise. */
  #rest(shard: ShardId): void {
    const { log } = this.#options
    log.log('warn', 'Storage knows a newer owner of a shard; its lock is given back for a moment.', { shard })
    this.#resting.add(shard)
    this.#retry('acquire', [shard])
  }

  async #unlock(shards: readonly ShardId[]): Promise<void> {
    await this.#membership.release(shards)
    for (const shard of shards) {
      const shown = this.#view?.locks.get(shard)
      if (shown !== undefined) this.#givenBack.set(shard, shown.epoch)
      this.#apply(shard, { kind: 'unlocked' })
      if (this.#wanted.has(shard) && !this.#resting.has(shard)) this.#retry('acquire', [shard])
    }
  }

  #retry(kind: 'acquire' | 'claim' | 'unlock', shards: readonly ShardId[]): void {
    if (this.#over) return
    const { clock, random } = this.#options
    const timer = clock.setTimer(retryDelayMs * (0.5 + random.next()), () => {
      this.#retries.delete(timer)
      for (const shard of shards) this.#resume(kind, shard)
      this.#flush()
    })
    this.#retries.add(timer)
  }

  #resume(kind: 'acquire' | 'claim' | 'unlock', shard: ShardId): void {
    const state = this.state(shard).kind
    if (kind === 'acquire') this.#resting.delete(shard)
    if (kind === 'acquire' && state === 'free' && this.#wanted.has(shard)) this.#apply(shard, { kind: 'wanted' })
    else if (state === stateOf[kind]) this.#steps[kind].add(shard)
  }

  #track(work: Promise<void>): void {
    this.#running.add(work)
    void work.finally(() => {
      this.#running.delete(work)
      this.#settle()
    })
  }

  async #until(isMet: () => boolean): Promise<void> {
    if (isMet() || this.#over) return
    await new Promise<void>((resolve) => this.#waiters.add({ isMet, resolve }))
  }

  #settle(): void {
    this.#unsettledSince = this.#isSettled ? undefined : (this.#unsettledSince ?? this.#options.clock.monotonic())
    for (const waiter of this.#waiters) {
      if (!waiter.isMet() && !this.#over) continue
      this.#waiters.delete(waiter)
      waiter.resolve()
    }
  }
}

const pastTense = { acquire: 'locked', claim: 'claimed', unlock: 'unlocked' } as const
const stateOf = { acquire: 'acquiring', claim: 'claiming', unlock: 'unlocking' } as const
