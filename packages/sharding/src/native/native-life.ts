import type { DeactivateReason, EntityAddress, RequestId } from '@cruster/core'
import { Interrupted, encode, encodeExit, entityKey } from '@cruster/core'
import type { Logger, Timer } from '@cruster/core/ports'
import type { EntityHost } from '../entity/entity-host.ts'
import type { Job, JobOutcome } from '../entity/job.ts'
import type { LiveEntity } from '../entity/live-entity.ts'
import { failedDelivery } from '../entity/recorded-outcome.ts'
import type { RegisteredNative } from '../entity/registered-entity.ts'
import type { NativeInstance } from '../extension/native-entity.ts'
import { FencedUnits } from '../shard/fenced-units.ts'
import { untilAborted } from '../time/until-aborted.ts'
import { givenUp, undelivered } from './given-up.ts'
import { NativeJobs } from './native-jobs.ts'
import { NativeRun } from './native-run.ts'
import { NativeScope } from './native-scope.ts'

/**
 * Life of a native entity in memory. Jobs start in `active` only.
 *
 * ```
 *   activating ──ready──▶ active ──restart, interrupt──▶ restarting ──nothing runs──▶ leaving
 *        │                   └──────idle, drained──▶ leaving ──hook ran, commits answered──▶ gone
 *        └──failed──▶ gone ◀──abandoned── any
 * ```
 */
type NativePhase = 'activating' | 'active' | 'restarting' | 'leaving' | 'gone'

export interface NativeLifeOptions {
  readonly entity: RegisteredNative
  readonly address: EntityAddress
  readonly host: EntityHost
}

/** One native entity in memory: starts its jobs, and knows when nothing of it can take effect any more. */
export class NativeLife implements LiveEntity {
  readonly entity: RegisteredNative
  readonly address: EntityAddress
  readonly #host: EntityHost
  readonly #log: Logger
  readonly #over = new AbortController()
  /** Aborts when hooks and holds are not waited for any more. */
  readonly #patience = new AbortController()
  #grace: Timer | undefined
  readonly #units: FencedUnits
  readonly #jobs = new NativeJobs()
  #instance: NativeInstance | undefined
  #isStarting = false
  #holds = 0
  #phase: NativePhase = 'activating'
  #isDraining = false
  #quietSince: number
  readonly #whenQuiet: (() => void)[] = []

  constructor({ entity, address, host }: NativeLifeOptions) {
    const { log, clock } = host.services
    this.entity = entity
    this.address = address
    this.#host = host
    this.#log = log.with({ entity: entityKey(address) })
    this.#quietSince = clock.monotonic()
    this.#units = new FencedUnits({
      services: host.services,
      fence: host.fence,
      commit: (units) => host.commit(units),
      fenced: () => {
        host.fenced()
      },
      handOver: (messages) => {
        host.handOver(messages)
      },
      cancelled: (ids) => {
        host.cancelled(ids)
      },
      concluded: (ids) => {
        this.#concluded(ids)
      },
    })
    void this.#activate()
  }

  get phase(): NativePhase {
    return this.#phase
  }

  get isFull(): boolean {
    return this.#jobs.calls >= this.entity.mailboxCapacity
  }

  offer(job: Job): void {
    this.#jobs.add(job)
    this.#startAll()
  }

  withdraw(job: Job): boolean {
    return this.#jobs.withdraw(job)
  }

  quietMs(now: number): number {
    return this.#phase === 'active' && this.#isIdle ? now - this.#quietSince : 0
  }

  async evict(): Promise<void> {
    if (this.#phase !== 'active' || !this.#isIdle) return
    if (this.#objects()) this.#quietSince = this.#host.services.clock.monotonic()
    else await this.#leave('idle')
  }

  async drain(reason: DeactivateReason): Promise<void> {
    this.#isDraining = true
    for (const job of this.#jobs.takeWaiting()) job.end({ kind: 'notMine' })
    if (this.#phase === 'active') this.#hint()
    await this.#quiet()
    await this.#leave(reason)
  }

  abort(reason: Error): void {
    const { clock, config } = this.#host.services
    this.#end(reason)
    for (const job of this.#jobs.running.keys()) job.stop(reason, clock, config.abandonAfterMs)
    // What does not stop by itself then is left behind.
    this.#grace = clock.setTimer(config.abandonAfterMs, () => {
      this.#patience.abort()
      this.#settle()
    })
    this.#settle()
  }

  abandon(reason: Error): void {
    this.#phase = 'gone'
    this.#grace?.cancel()
    this.#end(reason)
    for (const job of [...this.#jobs.takeWaiting(), ...this.#jobs.running.keys()]) {
      const mayHaveRun = job.phase !== 'waiting' && !job.isRecorded
      const mayHaveStarted = job.phase === 'committing'
      job.end(mayHaveRun ? failedDelivery(job, reason) : { kind: 'notMine', mayHaveStarted })
      job.abandon(reason)
    }
    this.#settle()
  }

  interrupt(reason: Interrupted): void {
    this.#restart(reason)
  }

  get #isIdle(): boolean {
    return this.#jobs.isEmpty && !this.#isStarting && this.#holds === 0
  }

  async #activate(): Promise<void> {
    const done = await this.#host.admit()
    try {
      if (!this.#isDraining && this.#phase === 'activating') await this.#create().onActivate?.()
      if (this.#phase === 'activating') this.#phase = 'active'
      if (this.#isDraining) this.#hint()
    } catch (error) {
      await this.#fail(error)
    } finally {
      done()
      this.#startAll()
      this.#settle()
    }
  }

  #create(): NativeInstance {
    const scope = new NativeScope({
      address: this.address,
      host: this.#host,
      log: this.#log,
      signal: this.#over.signal,
      units: this.#units,
      hold: () => this.#hold(),
      restart: (reason) => {
        this.#restart(reason)
      },
    })
    this.#instance = this.entity.native.create(scope)
    return this.#instance
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#phase !== 'activating') return
    this.#log.log('error', 'A native entity could not be activated.', { error })
    this.#phase = 'leaving'
    this.#end(new Interrupted(entityKey(this.address), { outcome: 'not-started', cause: error }))
    for (const job of this.#jobs.takeWaiting()) job.end(undelivered(job, error))
    await this.#depart()
  }

  #startAll(): void {
    if (this.#phase !== 'active' || this.#isDraining) return
    const { concurrency } = this.entity
    for (let job = this.#jobs.nextCall(concurrency); job !== undefined; job = this.#jobs.nextCall(concurrency))
      this.#startCall(job)
    if (!this.#isStarting) void this.#startStored()
  }

  #startCall(job: Job): void {
    const run = this.#runOf(job)
    void this.#run(job, run.needsPreparation ? run.prepare() : undefined)
  }

  /** One after the other, so that none starts before one that came before it. */
  async #startStored(): Promise<void> {
    this.#isStarting = true
    for (let job = this.#nextStored(); job !== undefined; job = this.#nextStored()) await this.#startNext(job)
    this.#isStarting = false
    this.#settle()
  }

  #nextStored(): Job | undefined {
    return this.#phase === 'active' && !this.#isDraining ? this.#jobs.nextStored() : undefined
  }

  async #startNext(job: Job): Promise<void> {
    const run = this.#runOf(job)
    const prepared = run.needsPreparation ? run.prepare() : undefined
    if (prepared !== undefined) await prepared
    void this.#run(job, prepared)
  }

  /** What has not begun behind a message that has to be delivered again waits for that message, not here. */
  #giveBack({ stored }: Job, error: unknown): void {
    if (stored === undefined) return
    const isBehind = (other: Job): boolean => other.stored !== undefined && other.stored.sequence > stored.sequence
    for (const waiting of this.#jobs.takeStored(isBehind)) waiting.end(givenUp(waiting, error))
    for (const [other, run] of this.#jobs.running)
      if (isBehind(other) && !run.hasBegun) other.end(givenUp(other, error))
  }

  #runOf(job: Job): NativeRun {
    const run = new NativeRun(
      {
        services: this.#host.services,
        log: this.#log,
        handlers: this.#instance?.handlers ?? {},
        mayExecute: () => this.#host.mayExecute(),
        commit: (operations) => this.#units.commit(operations),
      },
      job,
    )
    this.#jobs.running.set(job, run)
    return run
  }

  async #run(job: Job, prepared: Promise<JobOutcome | undefined> | undefined): Promise<void> {
    const known = prepared === undefined ? undefined : await prepared
    // It may have been given up while its input was checked.
    const outcome = known ?? (job.phase === 'ended' ? undefined : await this.#jobs.running.get(job)?.outcome())
    this.#jobs.running.delete(job)
    if (outcome !== undefined) job.end(outcome)
    if (outcome?.kind === 'redeliver') this.#giveBack(job, outcome.error)
    this.#startAll()
    this.#settle()
  }

  #concluded(ids: readonly RequestId[]): void {
    const left = new Set(ids)
    for (const [job, run] of this.#jobs.running) if (left.delete(job.request.id)) run.concluded()
    for (const job of this.#jobs.takeStored(({ request }) => left.delete(request.id)))
      job.end({ kind: 'exit', exit: nothingExit })
    if (left.size > 0) this.#host.concluded([...left])
  }

  #hold(): () => void {
    this.#holds += 1
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holds -= 1
      this.#settle()
    }
  }

  #hint(): void {
    try {
      this.#instance?.draining?.()
    } catch (error) {
      this.#log.log('error', 'draining() threw.', { error })
    }
  }

  #objects(): boolean {
    try {
      return this.#instance?.onIdle?.() === true
    } catch (error) {
      this.#log.log('error', 'onIdle threw; the entity is evicted.', { error })
      return false
    }
  }

  /** Everything that it was doing is given up; the next life begins when nothing of this one is under way. */
  #restart(reason: Error): void {
    if (this.#phase !== 'active') return
    this.#phase = 'restarting'
    this.#end(reason)
    // Waiting ones too, so that they do not start before the ones that are delivered again.
    for (const [job, run] of this.#jobs.running) {
      job.end(run.conclusion ?? givenUp(job, reason))
      job.abandon(reason)
    }
    for (const job of this.#jobs.takeWaiting()) job.end(givenUp(job, reason))
    void this.#leave('crashed')
  }

  #end(reason: Error): void {
    this.#over.abort(reason)
    this.#units.close()
  }

  async #leave(reason: DeactivateReason): Promise<void> {
    if (this.#phase === 'gone' || this.#phase === 'leaving') return
    this.#phase = 'leaving'
    try {
      await untilAborted(this.#patience.signal, this.#instance?.onDeactivate?.(reason) ?? Promise.resolve())
    } catch (error) {
      this.#log.log('error', 'onDeactivate threw.', { error })
    }
    this.#end(new Interrupted(entityKey(this.address), { outcome: 'not-started' }))
    await this.#depart()
  }

  async #depart(): Promise<void> {
    await this.#units.settled()
    this.#grace?.cancel()
    if (this.#isGone) return
    this.#phase = 'gone'
    this.#host.removed(this, this.#jobs.takeWaiting(), 0)
    this.#settle()
  }

  /** Whether it was abandoned meanwhile. */
  get #isGone(): boolean {
    return this.#phase === 'gone'
  }

  /** Resolves when nothing runs; what holds the entity is not waited for once it was aborted. */
  async #quiet(): Promise<void> {
    while (!this.#isAtRest) await new Promise<void>((resolve) => this.#whenQuiet.push(resolve))
  }

  get #isAtRest(): boolean {
    if (this.#phase === 'gone') return true
    if (this.#phase !== 'active') return this.#patience.signal.aborted && this.#phase === 'activating'
    return this.#jobs.running.size === 0 && !this.#isStarting && (this.#holds === 0 || this.#over.signal.aborted)
  }

  #settle(): void {
    if (this.#isIdle) this.#quietSince = this.#host.services.clock.monotonic()
    for (const resolve of this.#whenQuiet.splice(0)) resolve()
  }
}

const nothingExit = encodeExit({ kind: 'success', value: encode(undefined) })
