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
  UnitResult,
} from '@cruster/core/ports'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { notStarted, toStatementError } from '../storage-failure.ts'
import type { Tables } from '../table/tables.ts'
import { applyInTransaction } from '../write/apply-unit.ts'
import type { Leave } from '../writer-lane.ts'
import { SqliteSql } from './sqlite-sql.ts'
import type { UserStatements } from './user-statements.ts'

/** What transactions of one storage have in common. */
export interface TransactionContext {
  readonly connection: SqliteConnection
  readonly tables: Tables
  readonly statements: UserStatements
  readonly clock: Clock
  readonly logger: Logger
  /** How long a transaction may hold the writer lane. */
  readonly timeoutMs: number
}

/** Whose transaction it is, and how to hand the lane on. */
export interface TransactionTurn {
  readonly fence: Fence
  readonly signal: AbortSignal
  readonly leave: Leave
}

/**
 * An open transaction with the user's statements. It holds the writer lane, so all other writes wait for it: it is rolled
 * back when its signal aborts, and when it takes longer than the time-out.
 *
 * States: `open` → over, by a commit, a rollback or the time-out. What comes after is refused, and told why.
 */
export class SqliteTransaction implements StorageTransaction {
  readonly sql: SqlTransaction
  readonly #context: TransactionContext
  readonly #turn: TransactionTurn
  readonly #timer: Timer
  #over: string | undefined

  /** Begins the transaction. @throws what SQLite throws; the lane is not left then. */
  constructor(context: TransactionContext, turn: TransactionTurn) {
    context.connection.begin()
    this.#context = context
    this.#turn = turn
    this.sql = new SqliteSql((statement) => this.#run(statement))
    this.#timer = context.clock.setTimer(context.timeoutMs, this.#onTimeout)
    turn.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  async commit(operations: readonly Operation[]): Promise<UnitResult> {
    this.#assertOpen()
    const { connection, tables, clock } = this.#context
    try {
      const unit = { fence: this.#turn.fence, operations }
      const result = applyInTransaction({ connection, tables, now: clock.now() }, unit)
      if (result.kind === 'applied') connection.commit()
      this.#end(result.kind === 'applied' ? 'was committed' : `was rolled back because its commit was ${result.kind}`)
      return result
    } catch (cause) {
      this.#end('was rolled back because its commit failed')
      // Constraints may be deferred to the commit.
      throw toStatementError(cause, 'committing a transaction')
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end('was rolled back by its owner')
  }

  #run(statement: SqlStatement): SqlResult<Record<string, unknown>> {
    this.#assertOpen()
    try {
      return this.#context.statements.run(statement)
    } finally {
      // Some errors, and `on conflict rollback`, end the transaction. Going on would commit each statement by itself.
      if (!this.#context.connection.isInTransaction) this.#end('was rolled back by SQLite after an error')
    }
  }

  #assertOpen(): void {
    if (this.#over === undefined) return
    throw notStarted(
      `The transaction ${this.#over}. The statement was not run. Keep the transaction's work inside the handler, await ` +
        'each statement, and do slow work outside of it.',
    )
  }

  readonly #onAbort = (): void => {
    this.#end('was rolled back because its handler was aborted')
  }

  readonly #onTimeout = (): void => {
    const { timeoutMs, logger } = this.#context
    logger.log('warn', 'transaction rolled back: it held the writer for too long', { timeoutMs, ...this.#turn.fence })
    this.#end(`was rolled back because it took longer than ${timeoutMs} ms (option transactionTimeout)`)
  }

  /** Rolls back whatever is not committed, and hands the lane on. Only the first call counts. */
  #end(how: string): void {
    if (this.#over !== undefined) return
    this.#over = how
    this.#timer.cancel()
    this.#turn.signal.removeEventListener('abort', this.#onAbort)
    this.#context.connection.rollback()
    this.#context.statements.endTransaction()
    this.#turn.leave()
  }
}
