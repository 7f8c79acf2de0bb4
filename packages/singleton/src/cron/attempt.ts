import type { RetryPolicy } from '@cruster/core'
import { DeadlineExceeded, Interrupted, isCrusterError } from '@cruster/core'
import type { Operation, UnitResult } from '@cruster/core/ports'
import type { EntityScope } from '@cruster/sharding/extension'
import { LazyTransaction, handlerLog } from '@cruster/sharding/extension'
import { clientsOf } from '../context/clients-of.ts'
import type { CronContext, CronHandler } from './cron-context.ts'
import type { RunFailure } from './schedule-event.ts'
import type { ActiveRun, ScheduleSpec } from './schedule-state.ts'

/** What one attempt is made of. */
export interface AttemptOptions {
  readonly scope: EntityScope
  readonly run: ActiveRun
  readonly spec: ScheduleSpec
  readonly handler: CronHandler<unknown>
  /** Of the call that makes it. */
  readonly signal: AbortSignal
}

/**
 * One attempt of a run: the handler, its transaction and its end. A handler that goes on after its signal has aborted is left
 * behind: its transaction is rolled back, and the attempt is over.
 */
export class Attempt implements AsyncDisposable {
  readonly #options: AttemptOptions
  readonly #cancelled = new AbortController()
  readonly #signal: AbortSignal
  readonly #tx: LazyTransaction

  constructor(options: AttemptOptions) {
    const { scope, signal } = options
    this.#options = options
    this.#signal = AbortSignal.any([scope.signal, signal, this.#cancelled.signal])
    this.#tx = new LazyTransaction(scope.services.storage.dialect, () => scope.begin(this.#signal), 'run')
  }

  /** The run is not wanted any more. */
  cancel(): void {
    this.#cancelled.abort(new Interrupted(this.#what, { outcome: 'unknown', cause: 'the run was cancelled' }))
  }

  /** Runs the handler. Resolves to why it failed; undefined when it did what it should. */
  async make(): Promise<RunFailure | undefined> {
    const { clock } = this.#options.scope.services
    const { timeoutMs, retry } = this.#options.spec
    const timer = timeoutMs === undefined ? undefined : clock.setTimer(timeoutMs, () => this.#timeOut(timeoutMs))
    try {
      await this.#handled()
      return undefined
    } catch (error) {
      return failureOf(error, retry)
    } finally {
      timer?.cancel()
    }
  }

  /** Stores the end of an attempt: with what the handler wrote if it succeeded, without it if not. */
  async commit(operations: readonly Operation[], failure: RunFailure | undefined): Promise<UnitResult> {
    if (failure === undefined && this.#tx.isOpen) return this.#tx.commit(operations)
    await this.#tx.end()
    return this.#options.scope.commit(operations)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tx.end()
  }

  get #what(): string {
    const { scope, run } = this.#options
    return `run ${run.run} of ${scope.address.type}/${scope.address.id}`
  }

  #timeOut(timeoutMs: number): void {
    this.#cancelled.abort(new DeadlineExceeded(this.#what, timeoutMs, { outcome: 'unknown' }))
  }

  async #handled(): Promise<void> {
    const signal = this.#signal
    signal.throwIfAborted()
    let stop: (() => void) | undefined
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason)
      signal.addEventListener('abort', stop, { once: true })
    })
    try {
      await Promise.race([this.#called(), aborted])
    } finally {
      if (stop !== undefined) signal.removeEventListener('abort', stop)
    }
  }

  async #called(): Promise<void> {
    await this.#options.handler(this.#context())
  }

  #context(): CronContext<unknown> {
    const { scope, run, spec } = this.#options
    return {
      name: scope.address.id,
      scheduledAt: new Date(run.scheduledAt),
      cause: run.cause,
      run: run.run,
      attempt: run.attempt,
      idempotencyKey: `${scope.address.type}/${scope.address.id}/${run.run}`,
      input: spec.input,
      signal: this.#signal,
      epoch: scope.fence.epoch,
      log: handlerLog(scope.log.with({ run: run.run, attempt: run.attempt })),
      tx: this.#tx,
      client: clientsOf(scope.clients()),
    }
  }
}

const hopeless = new Set(['CONFIG', 'VALIDATION', 'CODEC'])

function failureOf(error: unknown, { nonRetryable }: RetryPolicy): RunFailure {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  const isHopeless = isCrusterError(error) && (hopeless.has(error.code) || nonRetryable.includes(error.code))
  return { name, message, isFinal: isHopeless || nonRetryable.includes(name) }
}
