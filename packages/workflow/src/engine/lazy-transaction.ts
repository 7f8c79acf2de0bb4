import { Interrupted, StorageError } from '@cruster/core'
import type {
  Operation,
  SqlResult,
  SqlStatement,
  SqlTransaction,
  StorageTransaction,
  UnitResult,
} from '@cruster/core/ports'

/** The `tx` of one attempt: opens with the first statement, and ends with the attempt. */
export class LazyTransaction implements SqlTransaction {
  readonly dialect: SqlTransaction['dialect']
  readonly #begin: () => Promise<StorageTransaction>
  #opened: Promise<StorageTransaction> | undefined
  #openFailure: unknown
  #isOver = false

  constructor(dialect: SqlTransaction['dialect'], begin: () => Promise<StorageTransaction>) {
    this.dialect = dialect
    this.#begin = begin
  }

  get isOpen(): boolean {
    return this.#opened !== undefined && this.#openFailure === undefined && !this.#isOver
  }

  /** Whether an error says that storage is in trouble: that the transaction could not be opened, or was lost. */
  isOutage(error: unknown): boolean {
    if (this.#opened === undefined || error === undefined) return false
    return error === this.#openFailure || (error instanceof StorageError && error.fault === 'storage')
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
    this.#isOver = true
    return transaction.commit(operations)
  }

  /** Rolls back whatever was not committed. */
  async end(): Promise<void> {
    this.#isOver = true
    // One that could not be opened has told the attempt so; there is nothing to roll back.
    const transaction = await this.#opened?.catch(() => undefined)
    await transaction?.[Symbol.asyncDispose]()
  }

  #open(): Promise<StorageTransaction> {
    if (this.#isOver) throw new Interrupted('a transaction whose activity has ended', { outcome: 'not-started' })
    this.#opened ??= this.#begin().catch((error: unknown) => {
      this.#openFailure = error
      throw error
    })
    return this.#opened
  }
}
