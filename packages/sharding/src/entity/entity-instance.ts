import type { DeactivateReason, EntityAddress } from '@cruster/core'
import { Interrupted, entityKey } from '@cruster/core'
import type { Logger, StorageTransaction } from '@cruster/core/ports'
import { sleep } from '../time/sleep.ts'
import { TurnoverSet } from '../turnover/turnover-set.ts'
import { backoffMs } from './backoff.ts'
import type { EntityHost } from './entity-host.ts'
import { hookContext } from './hook-context.ts'
import type { Job } from './job.ts'
import type { LiveEntity } from './live-entity.ts'
import type { Lane } from './mailbox.ts'
import { Mailbox } from './mailbox.ts'
import { RecentReplies } from './recent-replies.ts'
import { failedDelivery } from './recorded-outcome.ts'
import type { RegisteredEntity } from './registered-entity.ts'
import type { RunOwner } from './run.ts'
import type { RunEnd } from './run-end.ts'
import { runJob, runVolatileJob } from './run-job.ts'
import type { StateCell } from './state-cell.ts'
import { loadState, openCell } from './state-loading.ts'

/**
 * Life of an entity in memory. Jobs start in `active` only.
 *
 * ```
 *   activating ──loaded──▶ active ──commit refused──▶ resetting ──reloaded──▶ active
 *        │                   │ └──defect, interrupt──▶ restarting ──nothing runs──▶ leaving
 *        │                   └──idle, drained──▶ leaving ──hooks ran──▶ gone (a successor takes what waits)
 *        └──failed──▶ gone ◀──abandoned── any
 * ```
 */
export type InstancePhase = 'activating' | 'active' | 'resetting' | 'restarting' | 'leaving' | 'gone'

/** Commits of one entity that may be under way at once. Beyond it the next activity waits. */
const maxCommitsUnderWay = 64

export interface InstanceOptions {
  readonly entity: RegisteredEntity
  readonly address: EntityAddress
  readonly host: EntityHost
  /** How often in a row the entity has crashed before this life of it. */
  readonly crashes: number
}

/**
 * One entity in memory: runs its jobs in the order that its mailbox gives.
 *
 * There may be many that nobody calls: what most of them do not need at the moment is made when it is first needed.
 */
export class EntityInstance implements RunOwner, LiveEntity {
  readonly entity: RegisteredEntity
  readonly address: EntityAddress
  readonly host: EntityHost
  readonly recent = new RecentReplies()
  /** How many streams the entity serves: they keep it in memory, outside of the mailbox. */
  streams = 0
  readonly #mailbox: Mailbox<Job>
  /** Jobs that run, their commits included. */
  #active: TurnoverSet<Job> | undefined
  /** How many jobs run, those included that end before anybody could look for them in {@link EntityInstance.#active}. */
  #runs = 0
  /** Lanes whose next jobs are being started. */
  readonly #starting: Record<Lane, boolean> = { activity: false, rpc: false }
  readonly #activation: Promise<void>
  #cell: StateCell | undefined
  #failure: unknown
  #holds = 0
  #phase: InstancePhase = 'activating'
  #refused: Job[] | undefined
  #crashes: number
  #draining = false
  #quietSince: number
  #whenQuiet: (() => void)[] | undefined
  /** Ends the pause before an activation. */
  #hurry: AbortController | undefined

  constructor({ entity, address, host, crashes }: InstanceOptions) {
    this.entity = entity
    this.address = address
    this.host = host
    this.#crashes = crashes
    this.#mailbox = new Mailbox(entity.mailboxCapacity, entity.concurrency)
    this.#quietSince = host.services.clock.monotonic()
    this.#activation = this.#activate()
  }

  get log(): Logger {
    return this.host.services.log.with({ entity: entityKey(this.address) })
  }

  get phase(): InstancePhase {
    return this.#phase
  }

  /** The state of an activated entity. */
  get cell(): StateCell {
    if (this.#cell === undefined)
      throw new Interrupted(`${entityKey(this.address)} before its activation`, { outcome: 'not-started' })
    return this.#cell
  }

  get hasState(): boolean {
    return this.#cell !== undefined
  }

  /** Resolves when the entity has its state; rejects when it cannot have it. */
  async activated(): Promise<void> {
    await this.#activation
    if (this.#cell === undefined || this.#phase === 'gone') throw this.#failure
  }

  /** Keeps the entity from being evicted until the returned function is called. */
  hold(): () => void {
    this.#holds += 1
    return () => {
      this.#holds -= 1
      this.touch()
    }
  }

  get isFull(): boolean {
    return this.#mailbox.isFull
  }

  /** Nothing runs, waits or changes here. */
  get isQuiet(): boolean {
    return this.#runs === 0 && this.#mailbox.size === 0 && (this.#phase === 'active' || this.#phase === 'gone')
  }

  /** How long nothing has happened here, in milliseconds; 0 while something does. */
  quietMs(now: number): number {
    return this.isQuiet && this.#holds === 0 ? now - this.#quietSince : 0
  }

  /** Something beside the mailbox needs the entity, such as an open stream. */
  touch(): void {
    this.#quietSince = this.host.services.clock.monotonic()
  }

  offer(job: Job): void {
    this.#mailbox.add(job)
    this.#startLane(job.lane)
  }

  /** Takes back a job that has not started. False when it has. */
  withdraw(job: Job): boolean {
    return job.phase === 'waiting' && this.#mailbox.remove(job)
  }

  async begin(signal: AbortSignal): Promise<StorageTransaction> {
    await this.cell.settled()
    return this.host.services.storage.begin(this.host.fence, signal)
  }

  /** Turns away what waits, and resolves when what runs has ended and is stored. The entity is gone then. */
  async drain(reason: DeactivateReason): Promise<void> {
    this.#draining = true
    this.#hurry?.abort()
    for (const job of this.#mailbox.clear()) job.end({ kind: 'notMine' })
    if (!this.isQuiet) await new Promise<void>((resolve) => (this.#whenQuiet ??= []).push(resolve))
    await this.#leave(reason)
  }

  /** Aborts what runs: its handlers' signals, and after `abandonAfter` the wait for them. */
  abort(reason: Error): void {
    const { clock, config } = this.host.services
    for (const job of this.#active ?? []) job.stop(reason, clock, config.abandonAfterMs)
  }

  /** The shard is somebody else's: turns everybody away at once. Nothing that runs can take effect any more. */
  abandon(reason: Error): void {
    this.#phase = 'gone'
    this.#hurry?.abort()
    this.#failure = reason
    for (const job of [...this.#mailbox.clear(), ...this.#takeRefused(), ...(this.#active ?? [])]) {
      const mayHaveRun = job.phase !== 'waiting' && !job.isRecorded
      const mayHaveStarted = job.phase === 'committing'
      job.end(mayHaveRun ? failedDelivery(job, reason) : { kind: 'notMine', mayHaveStarted })
      job.abandon(reason)
    }
    this.#cell?.changes.end()
    this.#settleQuiet()
  }

  /** Stops what runs, answers what waits, and makes the entity anew. */
  interrupt(reason: Interrupted): void {
    for (const job of this.#mailbox.clear()) job.end(failedDelivery(job, reason))
    this.abort(reason)
    if (this.#phase === 'active' || this.#phase === 'resetting') this.#phase = 'restarting'
    if (this.#runs === 0) this.#afterRuns()
  }

  /** Lets a quiet entity leave memory, unless it objects. */
  async evict(): Promise<void> {
    if (!this.isQuiet || this.#phase !== 'active') return
    if (await this.#objects()) this.touch()
    else if (this.isQuiet) await this.#leave('idle')
  }

  async #activate(): Promise<void> {
    await this.#pauseAfterCrashes()
    const done = await this.host.admit()
    try {
      if (this.#isUnwanted) return this.#neverMind()
      this.#cell = await openCell(this)
      if (this.#isUnwanted) return this.#neverMind()
      await this.entity.hooks.onActivate?.(hookContext(this))
      this.#enter('active', 'activating')
    } catch (error) {
      this.#fail(error)
    } finally {
      done()
      this.#settleQuiet()
    }
  }

  async #pauseAfterCrashes(): Promise<void> {
    if (this.#crashes < 2) return
    const { clock, config } = this.host.services
    const backoff = { initialMs: config.initialBackoffMs, maxMs: config.maxBackoffMs }
    this.#hurry = new AbortController()
    await sleep(clock, backoffMs(backoff, this.#crashes - 1), this.#hurry.signal)
  }

  /** The shard has gone, or goes, before the entity is there. */
  get #isUnwanted(): boolean {
    return this.#draining || this.#phase !== 'activating'
  }

  #neverMind(): void {
    if (this.#phase !== 'activating') return
    this.#phase = 'gone'
    this.#failure = new Interrupted(`${entityKey(this.address)} before its activation`, { outcome: 'not-started' })
    this.host.removed(this, this.#mailbox.clear(), this.#crashes)
  }

  #startLane(lane: Lane): void {
    // A job that ends at once frees its lane in the midst of this: the loop goes on with the next one, and not the stack.
    if (this.#starting[lane]) return
    this.#starting[lane] = true
    for (let job = this.#nextOf(lane); job !== undefined; job = this.#nextOf(lane)) this.#run(job)
    this.#starting[lane] = false
  }

  #nextOf(lane: Lane): Job | undefined {
    const mayStart = this.#phase === 'active' && (lane === 'rpc' || this.#runs < maxCommitsUnderWay)
    return mayStart ? this.#mailbox.start(lane) : undefined
  }

  #run(job: Job): void {
    this.#runs += 1
    if (job.isRecorded) {
      this.#track(job)
      void runJob(this, job, () => this.#freeLane(job)).then((end) => this.#ended(job, end))
      return
    }
    runVolatileJob(this, job, (end) => this.#ended(job, end))
    if (job.phase !== 'ended') this.#track(job)
  }

  #track(job: Job): void {
    this.#active ??= new TurnoverSet()
    this.#active.add(job)
  }

  #ended(job: Job, end: RunEnd): void {
    this.#runs -= 1
    this.#active?.delete(job)
    this.#apply(job, end)
    this.#freeLane(job)
    if (this.#runs === 0) this.#afterRuns()
    this.#settleQuiet()
  }

  /** The next job of the lane may start; the commit of this one may still be under way. */
  #freeLane(job: Job): void {
    this.#mailbox.finished(job)
    this.#startLane(job.lane)
  }

  #apply(job: Job, end: RunEnd): void {
    if (end.kind === 'refused') {
      ;(this.#refused ??= []).push(job)
      return this.#enter('resetting', 'active')
    }
    job.end(end.outcome)
    if (end.aftermath === 'nothing') this.#crashes = 0
    else this.#enter(end.aftermath === 'restart' ? 'restarting' : 'resetting', 'active')
    if (end.aftermath === 'restart') this.#crashes += 1
  }

  /** Goes on to a phase, unless something else has happened meanwhile. */
  #enter(phase: InstancePhase, from: InstancePhase): void {
    if (this.#phase !== from) return
    this.#phase = phase
    this.#startLane('activity')
    this.#startLane('rpc')
  }

  #afterRuns(): void {
    if (this.#phase === 'resetting') void this.#reset()
    if (this.#phase === 'restarting') void this.#leave('crashed')
  }

  /** Starts over from what is stored, and runs again what was refused. */
  async #reset(): Promise<void> {
    try {
      await this.cell.settled()
      this.cell.reload(this.entity.stateKind === 'persisted' ? await loadState(this) : this.cell.committed)
    } catch (error) {
      return this.#fail(error)
    }
    const again = this.#takeRefused()
    for (const job of again) job.phase = 'waiting'
    if (this.#draining) for (const job of again) job.end({ kind: 'notMine' })
    else this.#mailbox.putBack(again)
    this.#enter('active', 'resetting')
    this.#settleQuiet()
  }

  /** The entity cannot be used: everybody who waits is told, and the next call tries anew. */
  #fail(error: unknown): void {
    if (this.#phase === 'gone') return
    this.log.log('error', 'The state of an entity could not be brought into memory.', { error })
    this.#phase = 'gone'
    this.#failure = error
    this.#cell?.changes.end()
    for (const job of [...this.#takeRefused(), ...this.#mailbox.clear()]) job.end(failedDelivery(job, error))
    this.host.removed(this, [], 0)
    this.#settleQuiet()
  }

  #takeRefused(): readonly Job[] {
    const refused = this.#refused ?? []
    this.#refused = undefined
    return refused
  }

  async #objects(): Promise<boolean> {
    try {
      return (await this.entity.hooks.onIdle?.(hookContext(this))) === true
    } catch (error) {
      this.log.log('error', 'onIdle threw; the entity is evicted.', { error })
      return false
    }
  }

  async #leave(reason: DeactivateReason): Promise<void> {
    if (this.#phase === 'gone' || this.#phase === 'leaving') return
    this.#phase = 'leaving'
    // Before their handlers see that there are no more changes, and take that for the end.
    this.host.leaving(this)
    this.#cell?.changes.end()
    try {
      if (this.#cell !== undefined) await this.entity.hooks.onDeactivate?.(hookContext(this), reason)
    } catch (error) {
      this.log.log('error', 'onDeactivate threw.', { error })
    }
    this.#phase = 'gone'
    this.host.removed(this, this.#mailbox.clear(), this.#crashes)
    this.#settleQuiet()
  }

  #settleQuiet(): void {
    if (!this.isQuiet) return
    this.touch()
    const waiting = this.#whenQuiet ?? []
    this.#whenQuiet = undefined
    for (const resolve of waiting) resolve()
  }
}
