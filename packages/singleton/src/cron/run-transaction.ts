import { Interrupted } from '@cruster/core'
import type {
  Operation,
  SqlResult,
  SqlStatement,
  SqlTransaction,
  StorageTransaction,
  UnitResult,
} from '@cruster/core/ports'

/** The `tx` of one attempt: opens with the first statement, and ends with the attempt at the latest. */
export class RunTransaction implements SqlTransaction, AsyncDisposable {
  readonly dialect: SqlTransaction['dialect']
  readonly #begin: () => Promise<StorageTransaction>
  #opened: Promise<StorageTransaction> | undefined
  #isOver = false

  constructor(dialect: SqlTransaction['dialect'], begin: () => Promise<StorageTransaction>) {
    this.dialect = dialect
    this.#begin = begin
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
    this.#isOver = true
    return transaction.commit(operations)
  }

  /** Rolls back what was not committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    // One that could not be opened has told the handler so, and has nothing to roll back.
    const transaction = await this.#opened?.catch(() => undefined)
    await transaction?.[Symbol.asyncDispose]()
  }

  #open(): Promise<StorageTransaction> {
    if (this.#isOver) throw new Interrupted('a transaction whose run has ended', { outcome: 'not-started' })
    this.#opened ??= this.#begin()
    return this.#opened
  }
}
