import type { DeactivateReason, EntityAddress, RequestId } from '@cruster/core'
import { Interrupted, encode, encodeExit, entityKey } from '@cruster/core'
import type { Logger } from '@cruster/core/ports'
import type { EntityHost } from '../entity/entity-host.ts'
import { passes } from '../entity/failure.ts'
import type { Job, JobOutcome } from '../entity/job.ts'
import type { LiveEntity } from '../entity/live-entity.ts'
import { failedDelivery, failureExit } from '../entity/recorded-outcome.ts'
import type { RegisteredNative } from '../entity/registered-entity.ts'
import type { NativeInstance } from '../extension/native-entity.ts'
import { Postponed } from '../extension/postponed.ts'
import { FencedUnits } from '../shard/fenced-units.ts'
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
  readonly #units: FencedUnits
  readonly #instance: NativeInstance
  /** Stored messages that have not started, in order. */
  #stored: Job[] = []
  #volatile: Job[] = []
  readonly #running = new Map<Job, NativeRun>()
  #isStarting = false
  #holds = 0
  #phase: NativePhase = 'activating'
  #isDraining = false
  #quietSince: number
  #whenQuiet: (() => void)[] = []

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
    const scope = { address, host, log: this.#log, signal: this.#over.signal, units: this.#units }
    this.#instance = entity.native.create(
      new NativeScope({ ...scope, hold: () => this.#hold(), restart: (reason) => this.#restart(reason) }),
    )
    void this.#activate()
  }

  get phase(): NativePhase {
    return this.#phase
  }

  get isFull(): boolean {
    return this.#volatile.length + this.#volatileRunning >= this.entity.mailboxCapacity
  }

  offer(job: Job): void {
    if (job.stored === undefined) this.#volatile.push(job)
    else this.#stored.push(job)
    this.#startAll()
  }

  withdraw(job: Job): boolean {
    const before = this.#volatile.length
    this.#volatile = this.#volatile.filter((waiting) => waiting !== job)
    return this.#volatile.length < before
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
    for (const job of this.#takeWaiting()) job.end({ kind: 'notMine' })
    if (this.#phase === 'active') this.#hint()
    await this.#quiet()
    await this.#leave(reason)
  }

  abort(reason: Error): void {
    const { clock, config } = this.#host.services
    this.#end(reason)
    for (const job of this.#running.keys()) job.stop(reason, clock, config.abandonAfterMs)
    // What does not stop by itself then is left behind.
    clock.setTimer(config.abandonAfterMs, () => {
      this.#patience.abort()
      this.#settle()
    })
    this.#settle()
  }

  abandon(reason: Error): void {
    this.#phase = 'gone'
    this.#end(reason)
    for (const job of [...this.#takeWaiting(), ...this.#running.keys()]) {
      const mayHaveRun = job.phase !== 'waiting' && !job.delivery.recorded
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
    return this.#running.size === 0 && !this.#isStarting && !this.#isWaiting && this.#holds === 0
  }

  get #isWaiting(): boolean {
    return this.#stored.length > 0 || this.#volatile.length > 0
  }

  get #volatileRunning(): number {
    let count = 0
    for (const job of this.#running.keys()) if (job.stored === undefined) count += 1
    return count
  }

  #takeWaiting(): readonly Job[] {
    return [...this.#stored.splice(0), ...this.#volatile.splice(0)]
  }

  async #activate(): Promise<void> {
    const done = await this.#host.admit()
    try {
      if (!this.#isDraining && this.#phase === 'activating') await this.#instance.onActivate?.()
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

  async #fail(error: unknown): Promise<void> {
    if (this.#phase !== 'activating') return
    this.#log.log('error', 'A native entity could not be activated.', { error })
    this.#phase = 'leaving'
    this.#end(error instanceof Error ? error : new Error(String(error)))
    for (const job of this.#takeWaiting()) job.end(undelivered(job, error))
    await this.#depart()
  }

  #startAll(): void {
    if (this.#phase !== 'active' || this.#isDraining) return
    while (this.#volatileRunning < this.entity.concurrency) {
      const job = this.#volatile.shift()
      if (job === undefined) break
      this.#startVolatile(job)
    }
    if (!this.#isStarting) void this.#startStored()
  }

  #startVolatile(job: Job): void {
    const run = this.#runOf(job)
    void this.#run(job, async () => (run.needsPreparation ? await run.prepare() : undefined) ?? run.outcome())
  }

  /** One after the other, so that none starts before one that came before it. */
  async #startStored(): Promise<void> {
    this.#isStarting = true
    for (let job = this.#nextStored(); job !== undefined; job = this.#nextStored()) await this.#startNext(job)
    this.#isStarting = false
    this.#settle()
  }

  #nextStored(): Job | undefined {
    return this.#phase === 'active' && !this.#isDraining ? this.#stored.shift() : undefined
  }

  async #startNext(job: Job): Promise<void> {
    const run = this.#runOf(job)
    const ended = run.needsPreparation ? await run.prepare() : undefined
    void this.#run(job, async () => ended ?? run.outcome())
  }

  #runOf(job: Job): NativeRun {
    const run = new NativeRun(
      {
        services: this.#host.services,
        log: this.#log,
        instance: this.#instance,
        mayExecute: () => this.#host.mayExecute(),
        commit: (operations) => this.#units.commit(operations),
      },
      job,
    )
    this.#running.set(job, run)
    return run
  }

  async #run(job: Job, work: () => Promise<JobOutcome>): Promise<void> {
    const outcome = await work()
    this.#running.delete(job)
    job.end(outcome)
    this.#startAll()
    this.#settle()
  }

  #concluded(ids: readonly RequestId[]): void {
    const left = new Set(ids)
    for (const [job, run] of this.#running) if (left.delete(job.request.id)) run.concluded()
    const others = this.#stored.filter(({ request }) => left.delete(request.id))
    this.#stored = this.#stored.filter((job) => !others.includes(job))
    for (const job of others) job.end({ kind: 'exit', exit: nothingExit })
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
      this.#instance.draining?.()
    } catch (error) {
      this.#log.log('error', 'draining() threw.', { error })
    }
  }

  #objects(): boolean {
    try {
      return this.#instance.onIdle?.() === true
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
    for (const [job, run] of this.#running) {
      job.end(run.conclusion ?? givenUp(job, reason))
      job.abandon(reason)
    }
    for (const job of this.#takeWaiting()) job.end(givenUp(job, reason))
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
      await untilAborted(this.#patience.signal, this.#instance.onDeactivate?.(reason))
    } catch (error) {
      this.#log.log('error', 'onDeactivate threw.', { error })
    }
    this.#end(new Interrupted(entityKey(this.address), { outcome: 'not-started' }))
    await this.#depart()
  }

  async #depart(): Promise<void> {
    await this.#units.settled()
    if (this.#isGone) return
    this.#phase = 'gone'
    this.#host.removed(this, this.#takeWaiting(), 0)
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
    return this.#running.size === 0 && !this.#isStarting && (this.#holds === 0 || this.#over.signal.aborted)
  }

  #settle(): void {
    if (this.#isIdle) this.#quietSince = this.#host.services.clock.monotonic()
    for (const resolve of this.#whenQuiet.splice(0)) resolve()
  }
}

/** Resolves with the work, or when the signal aborts, whichever is first. */
async function untilAborted(signal: AbortSignal, work: Promise<void> | undefined): Promise<void> {
  if (signal.aborted || work === undefined) return
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve()
    })
  })
  await Promise.race([work, aborted])
}

const nothingExit = encodeExit({ kind: 'success', value: encode(undefined) })

/** A stored message is not to blame for what passes. */
function undelivered(job: Job, error: unknown): JobOutcome {
  const isOutage = passes(error) || error instanceof Postponed
  return isOutage ? givenUp(job, error) : failedDelivery(job, error)
}

function givenUp(job: Job, error: unknown): JobOutcome {
  return job.stored === undefined
    ? { kind: 'exit', exit: failureExit(error) }
    : { kind: 'redeliver', error, isOutage: true }
}
