import { StorageError } from '@cruster/core'
import type {
  Clock,
  Fence,
  Logger,
  Operation,
  SqlResult,
  SqlStatement,
  SqlTransaction,
  StorageTransaction,
  Timer,
  Unit,
  UnitResult,
} from '@cruster/core/ports'
import { planning } from '../session/planning.ts'
import type { Statement, TransactionSession } from '../session/session.ts'
import {
  isStatementFault,
  notStarted,
  refusedStatement,
  sqlStateOf,
  toStatementError,
  toStorageError,
  type Progress,
} from '../storage-failure.ts'
import { metConcurrentChange, type WriteContext } from '../write/decide-locked.ts'
import { findRefusal } from '../write/find-refusal.ts'
import { commitTransaction } from './commit-transaction.ts'
import { PostgresSql } from './postgres-sql.ts'
import { rollBack } from './roll-back.ts'
import { transactionVerb } from './transaction-verbs.ts'

/** What transactions of one storage have in common. The sessions of `write` are not those of the transactions. */
export interface TransactionContext {
  readonly write: WriteContext
  readonly clock: Clock
  readonly logger: Logger
  /** How long a transaction may hold its connection. */
  readonly timeoutMs: number
}

type FencedUnit = Unit & { readonly fence: Fence }

const begin: Statement = { name: 'cruster_begin', text: 'begin' }
/** Before the framework's own statements, so that they are planned as on its own connections. */
const settings: Statement = { name: 'cruster_planning', text: planning('local') }

export interface TransactionOwner {
  readonly fence: Fence
  readonly signal: AbortSignal
}

/**
 * An open transaction with the user's statements, on a connection of its own.
 *
 * States: `open` → `committing` → over; or `open` → over, by a rollback, an abort or the time-out. What comes after is
 * refused, and told why. An abort that comes while it commits is too late: the database decides.
 */
export class PostgresTransaction implements StorageTransaction {
  readonly sql: SqlTransaction
  readonly #context: TransactionContext
  readonly #session: TransactionSession
  readonly #owner: TransactionOwner
  readonly #timer: Timer
  /** Nothing was sent so far: it begins in one go with its first statement. */
  #isFresh = true
  #running = 0
  #firstFailure: unknown
  #over: string | undefined
  #ending: Promise<void> = Promise.resolve()

  constructor(context: TransactionContext, session: TransactionSession, owner: TransactionOwner) {
    this.#context = context
    this.#session = session
    this.#owner = owner
    this.sql = new PostgresSql((statement) => this.#run(statement))
    this.#timer = context.clock.setTimer(context.timeoutMs, this.#onTimeout)
    owner.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  async commit(operations: readonly Operation[]): Promise<UnitResult> {
    this.#assertOpen()
    const unit = { fence: this.#owner.fence, operations }
    this.#close('is committing')
    try {
      const result = await this.#commitUnit(unit)
      this.#over = result.kind === 'applied' ? 'was committed' : `was rolled back because its commit was ${result.kind}`
      return result
    } catch (cause) {
      this.#over = 'was rolled back because its commit failed'
      throw cause
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abandon('was rolled back by its owner')
    await this.#ending
  }

  async #commitUnit(unit: FencedUnit): Promise<UnitResult> {
    const { write, clock } = this.#context
    let progress: Progress = 'before'
    try {
      const mark = (reached: Progress): void => void (progress = reached)
      const first = [...this.#beginning(), settings]
      const result = await commitTransaction({ session: this.#session, write, first, mark }, unit)
      this.#session.release('usable')
      return result
    } catch (cause) {
      const error = this.#toCommitError(cause, progress)
      await rollBack(this.#session, clock, { isBusy: false })
      // All is taken back. What is stored now tells why; if it does not, whoever tries again will succeed.
      const refusal = metConcurrentChange(cause, write.names) ? await findRefusal(write, unit) : undefined
      if (refusal === undefined) throw error
      return refusal
    }
  }

  /** What is to be sent before anything else, the first time that it is asked for. */
  #beginning(): readonly Statement[] {
    if (!this.#isFresh) return []
    this.#isFresh = false
    return [begin]
  }

  #toCommitError(cause: unknown, progress: Progress): StorageError {
    if (sqlStateOf(cause) === '25P02') return brokenTransaction(this.#firstFailure ?? cause)
    // What breaks a constraint at the commit is the handler's doing, unless it is about a table of ours.
    const isOurs = metConcurrentChange(cause, this.#context.write.names)
    return (isOurs ? toStorageError : toStatementError)(cause, 'committing a transaction', progress)
  }

  async #run({ sql, parameters }: SqlStatement): Promise<SqlResult<Record<string, unknown>>> {
    this.#assertOpen()
    const verb = transactionVerb(sql)
    if (verb !== undefined) throw transactionVerbRefused(verb)
    this.#running++
    try {
      const statements = [...this.#beginning(), { text: sql, values: parameters, isUsers: true } as const]
      const answers = await this.#session.runTogether(statements)
      return answers.at(-1) ?? { rows: [], affected: 0 }
    } catch (cause) {
      this.#firstFailure ??= cause
      throw this.#over === undefined ? toStatementError(cause, `running "${abbreviate(sql)}"`) : this.#refused(cause)
    } finally {
      this.#running--
    }
  }

  #assertOpen(): void {
    if (this.#over !== undefined) throw this.#refused()
  }

  #refused(cause?: unknown): StorageError {
    return notStarted(
      `The transaction ${this.#over ?? 'is over'}. The statement has no effect. Keep the transaction's work inside the ` +
        'handler, await each statement, and do slow work outside of it.',
      cause,
    )
  }

  readonly #onAbort = (): void => {
    this.#abandon('was rolled back because its handler was aborted')
  }

  readonly #onTimeout = (): void => {
    const { timeoutMs, logger } = this.#context
    logger.log('warn', 'transaction rolled back: it held its connection for too long', {
      timeoutMs,
      ...this.#owner.fence,
    })
    this.#abandon(`was rolled back because it took longer than ${timeoutMs} ms (option transactionTimeout)`)
  }

  /** Rolls back in the background, unless it is over or committing. */
  #abandon(how: string): void {
    if (this.#over !== undefined) return
    this.#close(how)
    if (this.#isFresh) this.#session.release('usable')
    else this.#ending = rollBack(this.#session, this.#context.clock, { isBusy: this.#running > 0 })
  }

  /** Takes no more statements. */
  #close(how: string): void {
    this.#over = how
    this.#timer.cancel()
    this.#owner.signal.removeEventListener('abort', this.#onAbort)
  }
}

/** A handler went on after a statement of its own had failed. */
function brokenTransaction(cause: unknown): StorageError {
  const fault = isStatementFault(cause) ? 'statement' : 'storage'
  const message =
    'The transaction was not committed: a statement in it has failed, and PostgreSQL then refuses all that follow. ' +
    'Nothing of it was stored. Let the error of the statement end the handler, or put statements that may fail ' +
    'between `savepoint` and `rollback to savepoint`.'
  return new StorageError(message, { outcome: 'not-started', cause, fault })
}

function transactionVerbRefused(verb: string): StorageError {
  return refusedStatement(
    `"${verb}" was not run: the transaction begins with the handler's first statement and ends with the handler. ` +
      'Throw to roll back; use a savepoint for a part.',
  )
}

function abbreviate(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length > 80 ? `${line.slice(0, 80)}…` : line
}
