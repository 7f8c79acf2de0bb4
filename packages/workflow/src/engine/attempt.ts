import { DeadlineExceeded, encode } from '@cruster/core'
import type { Timer } from '@cruster/core/ports'
import type { EntityScope } from '@cruster/sharding/extension'
import { Outbox } from '@cruster/sharding/extension'
import type { AttemptTask } from '../context/task.ts'
import type { Operation } from '../replay/operation.ts'
import type { Task } from '../context/task.ts'
import { AttemptContext } from './attempt-context.ts'
import { AttemptTransaction } from './attempt-transaction.ts'
import type { UnitGate } from './unit-gate.ts'

/** What came of an attempt. */
export type AttemptResult =
  { readonly kind: 'returned'; readonly value: Uint8Array } | { readonly kind: 'threw'; readonly error: unknown }

/** What an attempt belongs to. */
export interface AttemptHost {
  readonly scope: EntityScope
  readonly gate: UnitGate
  readonly workflow: string
  /** Which run of the execution. */
  readonly run: number
  /** The attempt has ended, by itself or because its time was over. Called once, unless it was aborted. */
  ended(attempt: Attempt, result: AttemptResult): void
  heartbeat(attempt: Attempt, details: Uint8Array): void
}

/** How often heartbeats are recorded: each is a commit. */
const reportEveryMs = 1000

/** One attempt of an activity, an inline step or a call, under way in memory. */
export class Attempt {
  readonly operation: Operation<Task>
  readonly task: AttemptTask
  readonly number: number
  readonly begunAt: number
  readonly tx: AttemptTransaction
  readonly outbox = new Outbox()
  readonly #host: AttemptHost
  #controller: AbortController | undefined
  #aborted: Error | undefined
  /** Encoded details of the last heartbeat that was not recorded. */
  #unreported: Uint8Array | undefined
  #reportAt = 0
  readonly #timers: { limit?: Timer; heartbeat?: Timer } = {}
  #isOver = false

  constructor(host: AttemptHost, operation: Operation<Task>, task: AttemptTask) {
    const { scope } = host
    this.#host = host
    this.operation = operation
    this.task = task
    this.number = operation.attempt
    this.begunAt = scope.services.clock.now()
    this.tx = new AttemptTransaction(scope.services.storage.dialect, () =>
      host.gate.open(() => scope.begin(this.signal)),
    )
  }

  /** Aborts when nobody wants the result any more. Made when it is first looked at. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted)
    return this.#controller.signal
  }

  get isOver(): boolean {
    return this.#isOver
  }

  start(): void {
    const { clock } = this.#host.scope.services
    const { timeoutMs } = this.task
    if (timeoutMs !== undefined) {
      this.#timers.limit = clock.setTimer(timeoutMs, () => {
        this.#timeUp(timeoutMs, 'finish')
      })
    }
    this.#watchHeartbeat()
    void this.#run()
  }

  /** Nobody wants the result any more. */
  abort(reason: Error): void {
    if (this.#isOver) return
    this.#end()
    this.#abortSignal(reason)
    void this.tx.end()
  }

  async #run(): Promise<void> {
    try {
      const value = await this.task.invoke(new AttemptContext(this, this.#host), this.operation.failures)
      this.#conclude({ kind: 'returned', value: encode(value, `the result of ${this.operation.name}`) })
    } catch (error) {
      this.#conclude({ kind: 'threw', error })
    }
  }

  #conclude(result: AttemptResult): void {
    if (this.#isOver) return
    this.#end()
    if (result.kind === 'threw') this.#report()
    this.#host.ended(this, result)
  }

  #abortSignal(reason: Error): void {
    this.#aborted = reason
    this.#controller?.abort(reason)
  }

  #end(): void {
    this.#isOver = true
    this.#timers.limit?.cancel()
    this.#timers.heartbeat?.cancel()
  }

  #timeUp(limitMs: number, what: string): void {
    const { type, id } = this.#host.scope.address
    const operation = `${type}/${id} ${this.operation.name} (attempt ${this.number}) to ${what}`
    const error = new DeadlineExceeded(operation, limitMs, { outcome: 'unknown' })
    this.#conclude({ kind: 'threw', error })
    this.#abortSignal(error)
  }

  #watchHeartbeat(): void {
    const { heartbeatMs } = this.task
    if (heartbeatMs === undefined) return
    this.#timers.heartbeat?.cancel()
    this.#timers.heartbeat = this.#host.scope.services.clock.setTimer(heartbeatMs, () => {
      this.#timeUp(heartbeatMs, 'report')
    })
  }

  /** The attempt says that it is alive. What it says is recorded at most once in a while, and before it fails. */
  beat(details: unknown): void {
    if (this.#isOver) return
    this.#watchHeartbeat()
    this.#unreported = encode(details, `the heartbeat of ${this.operation.name}`)
    const now = this.#host.scope.services.clock.monotonic()
    if (now < this.#reportAt) return
    this.#reportAt = now + reportEveryMs
    this.#report()
  }

  #report(): void {
    if (this.#unreported !== undefined) this.#host.heartbeat(this, this.#unreported)
    this.#unreported = undefined
  }
}
