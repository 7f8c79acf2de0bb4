import type { DeactivateReason, EntityAddress, RequestId } from '@cruster/core'
import { Interrupted, encode, encodeExit, entityKey } from '@cruster/core'
import type { Logger, Operation, Timer, UnitResult } from '@cruster/core/ports'
import type { EntityHost } from '../entity/entity-host.ts'
import type { Job, JobOutcome } from '../entity/job.ts'
import type { LiveEntity } from '../entity/live-entity.ts'
import { failedDelivery } from '../entity/recorded-outcome.ts'
import type { RegisteredNative } from '../entity/registered-entity.ts'
import type { NativeInstance } from '../extension/native-entity.ts'
import type { Services } from '../runner/services.ts'
import { FencedUnits } from '../shard/fenced-units.ts'
import { untilAborted } from '../time/until-aborted.ts'
import { givenUp, undelivered } from './given-up.ts'
import { Ending } from './ending.ts'
import { tellDraining, wantsToStay } from './instance-hooks.ts'
import { NativeJobs } from './native-jobs.ts'
import type { NativeRunHost } from './native-run.ts'
import { NativeRun } from './native-run.ts'
import type { ScopedLife } from './native-scope.ts'
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
export class NativeLife implements LiveEntity, NativeRunHost, ScopedLife {
  readonly entity: RegisteredNative
  readonly address: EntityAddress
  readonly #host: EntityHost
  #log: Logger | undefined
  readonly #ending = new Ending()
  /** Ends when hooks and holds are not waited for any more. */
  readonly #patience = new Ending()
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
    const { clock } = host.services
    this.entity = entity
    this.address = address
    this.#host = host
    this.#quietSince = clock.monotonic()
    this.#units = new FencedUnits(host, (ids) => {
      this.#concluded(ids)
    })
    this.#begin()
  }

  get services(): Services {
    return this.#host.services
  }

  /** Made when it is first needed: most lives log nothing. */
  log(): Logger {
    this.#log ??= this.services.log.with({ entity: entityKey(this.address) })
    return this.#log
  }

  mayExecute(): boolean {
    return this.#host.mayExecute()
  }

  commit(operations: readonly Operation[]): Promise<UnitResult> {
    return this.#units.commit(operations)
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
    if (wantsToStay(this.#instance, () => this.log())) this.#quietSince = this.#host.services.clock.monotonic()
    else await this.#leave('idle')
  }

  async drain(reason: DeactivateReason): Promise<void> {
    this.#isDraining = true
    for (const job of this.#jobs.takeWaiting()) job.end({ kind: 'notMine' })
    if (this.#phase === 'active') tellDraining(this.#instance, () => this.log())
    await this.#quiet()
    await this.#leave(reason)
  }

  abort(reason: Error): void {
    const { clock, config } = this.#host.services
    this.#end(() => reason)
    for (const { job } of this.#jobs.running) job.stop(reason, clock, config.abandonAfterMs)
    // What does not stop by itself then is left behind.
    this.#grace = clock.setTimer(config.abandonAfterMs, () => {
      this.#patience.end(() => reason)
      this.#settle()
    })
    this.#settle()
  }

  abandon(reason: Error): void {
    this.#phase = 'gone'
    this.#grace?.cancel()
    this.#end(() => reason)
    for (const job of [...this.#jobs.takeWaiting(), ...this.#jobs.running.map((run) => run.job)]) {
      const mayHaveRun = job.phase !== 'waiting' && !job.isRecorded
      const mayHaveStarted = job.phase === 'committing'
      job.end(mayHaveRun ? failedDelivery(job, reason) : { kind: 'notMine', mayHaveStarted })
      job.abandon(reason)
    }
    this.#settle()
  }

  interrupt(reason: Interrupted): void {
    this.restart(reason)
  }

  get #isIdle(): boolean {
    return this.#jobs.isEmpty && !this.#isStarting && this.#holds === 0
  }

  /** One that has nothing to wait for is there at once. */
  #begin(): void {
    try {
      const instance = this.#create()
      if (instance.onActivate === undefined) this.#phase = 'active'
      else void this.#activate(() => instance.onActivate?.())
    } catch (error) {
      // Whoever is waiting by then is told.
      void this.#activate(() => Promise.reject(error))
    }
  }

  async #activate(activation: () => Promise<void> | undefined): Promise<void> {
    const done = await this.#host.admit()
    try {
      if (!this.#isDraining && this.#phase === 'activating') await activation()
      if (this.#phase === 'activating') this.#phase = 'active'
      if (this.#isDraining) tellDraining(this.#instance, () => this.log())
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
      life: this,
      ending: this.#ending,
      units: this.#units,
    })
    this.#instance = this.entity.native.create(scope)
    return this.#instance
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#phase !== 'activating') return
    this.log().log('error', 'A native entity could not be activated.', { error })
    this.#phase = 'leaving'
    this.#end(() => new Interrupted(entityKey(this.address), { outcome: 'not-started', cause: error }))
    for (const job of this.#jobs.takeWaiting()) job.end(undelivered(job, error))
    await this.#depart()
  }

  #startAll(): void {
    if (this.#phase !== 'active' || this.#isDraining) return
    // What is stored comes first: it was there when the calls were made that wait for what becomes of it.
    if (this.#jobs.hasStored) this.#startStored()
    const { concurrency } = this.entity
    for (let job = this.#jobs.nextCall(concurrency); job !== undefined; job = this.#jobs.nextCall(concurrency))
      this.#startCall(job)
  }

  #startCall(job: Job): void {
    const run = this.#runOf(job)
    if (run.needsPreparation) void this.#runPrepared(run)
    else this.#run(run)
  }

  async #runPrepared(run: NativeRun): Promise<void> {
    this.#run(run, await run.prepare())
  }

  /** One after the other, so that none starts before one that came before it. */
  #startStored(): void {
    for (let job = this.#nextStored(); job !== undefined; job = this.#nextStored()) {
      const run = this.#runOf(job)
      // The others have to wait for it.
      if (run.needsPreparation) return void this.#startLater(run)
      this.#run(run)
    }
  }

  async #startLater(run: NativeRun): Promise<void> {
    this.#isStarting = true
    const known = await run.prepare()
    this.#isStarting = false
    this.#run(run, known)
    this.#startStored()
    this.#settle()
  }

  /** None while one before it is about to start: that one's outcome may be there already, and its end leads here too. */
  #nextStored(): Job | undefined {
    if (this.#phase !== 'active' || this.#isDraining || this.#isStarting) return undefined
    return this.#jobs.nextStored()
  }

  #runOf(job: Job): NativeRun {
    const run = new NativeRun(this, this.#instance?.handlers ?? {}, job)
    this.#jobs.running.push(run)
    return run
  }

  #run(run: NativeRun, known?: JobOutcome): void {
    // It may have been given up while its input was checked.
    if (known !== undefined || run.job.phase === 'ended') this.#ended(run, known)
    else
      run.start((outcome) => {
        this.#ended(run, outcome)
      })
  }

  #ended(run: NativeRun, outcome: JobOutcome | undefined): void {
    const { job } = run
    this.#jobs.ended(run)
    if (outcome !== undefined) job.end(outcome)
    if (outcome?.kind === 'redeliver')
      for (const behind of this.#jobs.takeBehind(job)) behind.end(givenUp(behind, outcome.error))
    this.#startAll()
    this.#settle()
  }

  #concluded(ids: readonly RequestId[]): void {
    const running = this.#jobs.running.filter(({ job }) => ids.includes(job.request.id))
    for (const run of running) run.concluded()
    // As mostly: they were those that run.
    if (running.length === ids.length) return
    const left = new Set(ids)
    for (const { job } of running) left.delete(job.request.id)
    for (const job of this.#jobs.takeStored(({ request }) => left.delete(request.id)))
      job.end({ kind: 'exit', exit: nothingExit })
    if (left.size > 0) this.#host.concluded([...left])
  }

  hold(): () => void {
    this.#holds += 1
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holds -= 1
      this.#settle()
    }
  }

  /** Everything that it was doing is given up; the next life begins when nothing of this one is under way. */
  restart(reason: Error): void {
    if (this.#phase !== 'active') return
    this.#phase = 'restarting'
    this.#end(() => reason)
    // Waiting ones too, so that they do not start before the ones that are delivered again.
    for (const run of this.#jobs.running) {
      const { job } = run
      job.end(run.conclusion ?? givenUp(job, reason))
      job.abandon(reason)
    }
    for (const job of this.#jobs.takeWaiting()) job.end(givenUp(job, reason))
    void this.#leave('crashed')
  }

  #end(reason: () => Error): void {
    if (this.#ending.end(reason)) this.#instance?.over?.()
    this.#units.close()
  }

  async #leave(reason: DeactivateReason): Promise<void> {
    if (this.#phase === 'gone' || this.#phase === 'leaving') return
    this.#phase = 'leaving'
    try {
      const left = this.#instance?.onDeactivate?.(reason)
      if (left !== undefined) await untilAborted(this.#patience.signal, left)
    } catch (error) {
      this.log().log('error', 'onDeactivate threw.', { error })
    }
    this.#end(() => new Interrupted(entityKey(this.address), { outcome: 'not-started' }))
    await this.#depart()
  }

  async #depart(): Promise<void> {
    if (!this.#units.isSettled) await this.#units.settled()
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
    if (this.#phase !== 'active') return this.#patience.isOver && this.#phase === 'activating'
    return this.#jobs.running.length === 0 && !this.#isStarting && (this.#holds === 0 || this.#ending.isOver)
  }

  #settle(): void {
    if (this.#isIdle) this.#rest()
    if (this.#whenQuiet.length > 0) for (const resolve of this.#whenQuiet.splice(0)) resolve()
  }

  #rest(): void {
    this.#quietSince = this.#host.services.clock.monotonic()
    if (this.#phase === 'active' && !this.#isDraining && this.#instance?.isDone?.() === true) void this.#leave('idle')
  }
}

const nothingExit = encodeExit({ kind: 'success', value: encode(undefined) })
