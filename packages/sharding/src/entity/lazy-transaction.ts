import { ConfigError, Interrupted } from '@cruster/core'
import type {
  Operation,
  SqlResult,
  SqlStatement,
  SqlTransaction,
  StorageTransaction,
  UnitResult,
} from '@cruster/core/ports'

/** How a run gets its transaction: resolves when nothing that must commit before it is under way. */
export type BeginTransaction = () => Promise<StorageTransaction>

/** The `tx` of one run: opens with the first statement, ends with the run. */
export class LazyTransaction implements SqlTransaction {
  readonly dialect: SqlTransaction['dialect']
  readonly #begin: BeginTransaction
  #opened: Promise<StorageTransaction> | undefined
  isOver = false
  #openFailure: unknown

  constructor(dialect: SqlTransaction['dialect'], begin: BeginTransaction) {
    this.dialect = dialect
    this.#begin = begin
  }

  /** Whether an error says that the transaction could not be opened: an outage, and no fault of the statements. */
  couldNotOpen(error: unknown): boolean {
    return error !== undefined && error === this.#openFailure
  }

  get isOpen(): boolean {
    return this.#opened !== undefined
  }

  async query<Row>(template: TemplateStringsArray, ...values: readonly unknown[]): Promise<readonly Row[]> {
    const { sql } = await this.#open()
    return sql.query<Row>(template, ...values)
  }

  async execute<Row>(statement: SqlStatement): Promise<SqlResult<Row>> {
    const { sql } = await this.#open()
    return sql.execute<Row>(statement)
  }

  /** Commits the user's statements together with the operations. Only when {@link isOpen}. */
  async commit(operations: readonly Operation[]): Promise<UnitResult> {
    const transaction = await this.#open()
    this.isOver = true
    return transaction.commit(operations)
  }

  /** Rolls back whatever was not committed. */
  async end(): Promise<void> {
    this.isOver = true
    const opening = this.#opened
    if (opening === undefined) return
    // A transaction that could not be opened has told the handler so; there is nothing to roll back.
    const transaction = await opening.catch(() => undefined)
    await transaction?.[Symbol.asyncDispose]()
  }

  #open(): Promise<StorageTransaction> {
    if (this.isOver) throw new Interrupted('a transaction whose handler has ended', { outcome: 'not-started' })
    this.#opened ??= this.#begin().catch((error: unknown) => {
      this.#openFailure = error
      throw error
    })
    return this.#opened
  }
}

/** The `tx` of a run that has none: each use says why. */
export function noTransaction(method: string): never {
  throw new ConfigError(
    `${method} has no transaction: \`tx\` is there in activities and in rpcs declared with { persisted: true }.`,
  )
}
