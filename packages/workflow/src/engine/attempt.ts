import { DeadlineExceeded, encode, encodeSuccess } from '@cruster/core'
import type { Operation as StorageOperation, Timer } from '@cruster/core/ports'
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
  { readonly kind: 'returned'; readonly exit: Uint8Array } | { readonly kind: 'threw'; readonly error: unknown }

/** What attempts tell the loop of their execution. */
export interface AttemptArrivals {
  /** The attempt has ended, by itself or because its time was over. Called once, unless it was aborted. */
  ended(attempt: Attempt, result: AttemptResult): void
  heartbeat(attempt: Attempt, details: Uint8Array): void
}

/** What an attempt belongs to. */
export interface AttemptHost {
  readonly arrivals: AttemptArrivals
  readonly scope: EntityScope
  readonly gate: UnitGate
  readonly workflow: string
  /** Which run of the execution. */
  readonly run: number
}

/** How often heartbeats are recorded: each is a commit. */
const reportEveryMs = 1000

/** One attempt of an activity, an inline step or a call, under way in memory. */
export class Attempt {
  readonly operation: Operation<Task>
  readonly task: AttemptTask
  readonly number: number
  readonly begunAt: number
  readonly #host: AttemptHost
  #controller: AbortController | undefined
  #aborted: Error | undefined
  /** Encoded details of the last heartbeat that was not recorded. */
  #unreported: Uint8Array | undefined
  #reportAt = 0
  #limit: Timer | undefined
  #heartbeat: Timer | undefined
  #tx: AttemptTransaction | undefined
  #outbox: Outbox | undefined
  #isOver = false

  constructor(host: AttemptHost, operation: Operation<Task>, task: AttemptTask) {
    const { scope } = host
    this.#host = host
    this.operation = operation
    this.task = task
    this.number = operation.attempt
    this.begunAt = scope.services.clock.now()
  }

  /** Made when it is first asked for: most attempts need none. */
  get tx(): AttemptTransaction {
    const { scope, gate } = this.#host
    this.#tx ??= new AttemptTransaction(scope.services.storage.dialect, () => gate.open(() => scope.begin(this.signal)))
    if (this.#isOver && !this.#tx.isOpen) this.#tx.isOver = true
    return this.#tx
  }

  /** The transaction, if the attempt asked for it. */
  get askedTx(): AttemptTransaction | undefined {
    return this.#tx
  }

  /** Takes its messages. Made when it is first asked for. */
  get outbox(): Outbox {
    this.#outbox ??= new Outbox()
    return this.#outbox
  }

  /** What it has sent, for the unit that records its end. */
  get sent(): readonly StorageOperation[] {
    return this.#outbox?.operations() ?? []
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
      this.#limit = clock.setTimer(timeoutMs, () => {
        this.#timeUp(timeoutMs, 'finish')
      })
    }
    this.#watchHeartbeat()
    this.#run()
  }

  /** Nobody wants the result any more. */
  abort(reason: Error): void {
    if (this.#isOver) return
    this.#end()
    this.#abortSignal(reason)
    void this.#tx?.end()
  }

  /** What is done at once has ended before this returns: a promise for it costs more than most of what is done at once. */
  #run(): void {
    try {
      const value = this.task.invoke(new AttemptContext(this, this.#host), this.operation.failures)
      if (isThenable(value)) value.then(this.#returned, this.#threw)
      else this.#returned(value)
    } catch (error) {
      this.#threw(error)
    }
  }

  readonly #returned = (value: unknown): void => {
    const result = this.#resultOf(value)
    this.#conclude(result)
  }

  readonly #threw = (error: unknown): void => {
    this.#conclude({ kind: 'threw', error })
  }

  #resultOf(value: unknown): AttemptResult {
    try {
      return { kind: 'returned', exit: encodeSuccess(value, () => `the result of ${this.operation.name}`) }
    } catch (error) {
      return { kind: 'threw', error }
    }
  }

  #conclude(result: AttemptResult): void {
    if (this.#isOver) return
    this.#end()
    if (result.kind === 'threw') this.#report()
    this.#host.arrivals.ended(this, result)
  }

  #abortSignal(reason: Error): void {
    this.#aborted = reason
    this.#controller?.abort(reason)
  }

  #end(): void {
    this.#isOver = true
    this.#limit?.cancel()
    this.#heartbeat?.cancel()
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
    this.#heartbeat?.cancel()
    this.#heartbeat = this.#host.scope.services.clock.setTimer(heartbeatMs, () => {
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
    if (this.#unreported !== undefined) this.#host.arrivals.heartbeat(this, this.#unreported)
    this.#unreported = undefined
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
