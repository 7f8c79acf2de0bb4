import { RunnerUnavailable, ShuttingDown, parseDuration } from '@cruster/core'
import type { EntityAddress } from '@cruster/core'
import type { Timer } from '@cruster/core/ports'
import type { ResidentScope, RunningResident } from '@cruster/sharding/extension'
import { handlerLog, sleep } from '@cruster/sharding/extension'
import { clientsOf } from '../context/clients-of.ts'
import { growingPauseMs } from '../context/growing-pause.ts'
import { GuardedWrites } from './guarded-writes.ts'
import type { LifeEffect, LifeEvent, LifePhase, LifeState } from './life.ts'
import { beginLife, reduceLife } from './life.ts'
import { RecordKeeper } from './record-keeper.ts'
import type { SingletonContext, SingletonRun } from './singleton-context.ts'
import type { SingletonSettings } from './singleton-options.ts'
import type { RecordedFailure, SingletonRecord } from './singleton-record.ts'

/** A singleton, to one owner of its shard. */
export interface LiveSingletonOptions {
  readonly name: string
  readonly settings: SingletonSettings
  readonly run: SingletonRun
  readonly scope: ResidentScope
  readonly address: EntityAddress
  /** The address of this runner, for people. */
  readonly runner: string
}

/** Mean pause before storage is asked again. */
const retryMs = 1000

/** A singleton at the owner of its shard: the shell around {@link reduceLife}. */
export class LiveSingleton implements RunningResident {
  readonly #options: LiveSingletonOptions
  readonly #record: RecordKeeper
  readonly #writes: GuardedWrites
  #state: LifeState
  /** Of the run that is under way, or was the last. */
  #stop = new AbortController()
  #isRunning = false
  #failure: RecordedFailure | undefined
  #dueAt: number | undefined
  #timer: Timer | undefined
  readonly #over = new AbortController()

  constructor(options: LiveSingletonOptions) {
    this.#options = options
    this.#record = new RecordKeeper(options.scope, options.address)
    this.#writes = new GuardedWrites(options.scope)
    const { state, effects } = beginLife()
    this.#state = state
    for (const effect of effects) this.#perform(effect)
  }

  /** How it is doing at this moment. */
  get status(): { readonly phase: LifePhase; readonly failures: number; readonly dueAt: number | undefined } {
    const { phase, failures } = this.#state
    return { phase, failures, dueAt: phase === 'resting' ? this.#dueAt : undefined }
  }

  get isOver(): boolean {
    return this.#over.signal.aborted
  }

  async drain(): Promise<void> {
    const { signal } = this.#over
    const over = new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve(), { once: true })
    })
    this.#apply({ kind: 'drain' })
    await over
  }

  abandon(): void {
    this.#apply({ kind: 'lost' })
  }

  #apply(event: LifeEvent): void {
    const { state, effects } = reduceLife(this.#state, event, this.#options.settings)
    this.#state = state
    for (const effect of effects) this.#perform(effect)
  }

  #perform(effect: LifeEffect): void {
    const { settings, scope } = this.#options
    switch (effect.kind) {
      case 'prepare':
        return this.#after(this.#prepare(), 'prepared', 'unprepared')
      case 'run':
        return void this.#run()
      case 'signal':
        return this.#stop.abort(new ShuttingDown())
      case 'record':
        return this.#after(this.#recordEnd(), 'recorded', 'recordFailed')
      case 'rest':
        return this.#later(this.#restMs(effect.failures), { kind: 'due' })
      case 'retry':
        return this.#later(retryMs * (0.5 + scope.services.random.next()), { kind: 'due' })
      case 'grace':
        return this.#later(settings.stopWithinMs, { kind: 'graceOver' })
      case 'close':
        return this.#close()
    }
  }

  #close(): void {
    const { name, scope } = this.#options
    if (this.#isRunning) {
      const why = scope.signal.aborted ? 'has lost its shard' : 'did not stop in time'
      scope.log.log('warn', `${name} ${why}; nothing that its run writes is accepted any more.`)
    }
    this.#timer?.cancel()
    this.#writes.close()
    this.#over.abort()
  }

  #restMs(failures: number): number {
    const { settings, scope } = this.#options
    if (failures === 0) return settings.restartAfterMs
    return growingPauseMs(settings.backoff, failures, scope.services.random.next())
  }

  #later(delayMs: number, event: LifeEvent): void {
    const { clock } = this.#options.scope.services
    this.#timer?.cancel()
    this.#dueAt = clock.now() + delayMs
    this.#timer = clock.setTimer(delayMs, () => this.#apply(event))
  }

  /** What a step of storage comes to is an event. */
  #after(step: Promise<LifeEvent>, what: string, failed: 'unprepared' | 'recordFailed'): void {
    const { name, scope } = this.#options
    step.then(
      (event) => this.#apply(event),
      (error: unknown) => {
        if (!this.isOver) scope.log.log('warn', `${name} could not be ${what}; this is tried again.`, { error })
        this.#apply({ kind: failed })
      },
    )
  }

  async #prepare(): Promise<LifeEvent> {
    const { scope, runner, settings } = this.#options
    const { doneAt } = await this.#record.read()
    if (settings.once && doneAt !== undefined) return { kind: 'prepared', isDone: true }
    const startedAt = scope.services.clock.now()
    const { epoch } = scope.fence
    await this.#record.change((record) => ({ ...record, runs: record.runs + 1, startedAt, runner, epoch }))
    if (!scope.mayExecute()) throw new RunnerUnavailable('of this process', { outcome: 'not-started' })
    return { kind: 'prepared', isDone: false }
  }

  async #recordEnd(): Promise<LifeEvent> {
    const endedAt = this.#options.scope.services.clock.now()
    const failure = this.#failure
    const { isDone } = this.#state
    await this.#record.change((record) => endOf(record, { endedAt, failure, isDone }))
    return { kind: 'recorded' }
  }

  async #run(): Promise<void> {
    const { name, run, scope } = this.#options
    const { clock } = scope.services
    this.#stop = new AbortController()
    this.#failure = undefined
    const startedAt = clock.monotonic()
    this.#isRunning = true
    try {
      await run(this.#context(this.#stop.signal))
    } catch (error) {
      // To be told to stop, and to stop, is no failure.
      if (!this.#stop.signal.aborted) this.#failed(error)
    }
    this.#isRunning = false
    const lastedMs = clock.monotonic() - startedAt
    const failure: RecordedFailure | undefined = this.#failure
    const outcome = failure === undefined ? 'returned' : 'threw'
    scope.services.metrics.count('cruster_singleton_runs_total', 1, { singleton: name, outcome })
    if (failure === undefined) scope.log.log('debug', `A run of ${name} has ended.`, { lastedMs })
    this.#apply({ kind: 'ended', hasFailed: failure !== undefined, lastedMs })
  }

  #failed(error: unknown): void {
    const { name, scope } = this.#options
    const thrown = error instanceof Error ? error : { name: 'Error', message: String(error) }
    this.#failure = { name: thrown.name, message: thrown.message, at: scope.services.clock.now() }
    scope.log.log('error', `A run of ${name} has failed; it is started again after a pause.`, {
      error,
      failures: this.#state.failures + 1,
    })
  }

  #context(signal: AbortSignal): SingletonContext {
    const { name, runner, scope } = this.#options
    const writes = this.#writes
    const { clock } = scope.services
    return {
      name,
      runner,
      epoch: scope.fence.epoch,
      signal,
      log: handlerLog(scope.log),
      failures: this.#state.failures,
      tx: (work) => writes.transact(work),
      isCurrent: () => !writes.isClosed && scope.mayExecute(),
      sleep: async (duration) => {
        await sleep(clock, parseDuration(duration, 'duration'), signal)
        signal.throwIfAborted()
      },
      client: clientsOf(scope.clients),
    }
  }
}

function endOf(
  record: SingletonRecord,
  { endedAt, failure, isDone }: { endedAt: number; failure: RecordedFailure | undefined; isDone: boolean },
): SingletonRecord {
  const ended = { ...record, endedAt, doneAt: isDone ? endedAt : record.doneAt }
  return failure === undefined ? ended : { ...ended, failures: record.failures + 1, lastFailure: failure }
}
