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

/** The `tx` of one piece of work: opens with the first statement, ends with the work. */
export class LazyTransaction implements SqlTransaction {
  readonly dialect: SqlTransaction['dialect']
  readonly #begin: BeginTransaction
  readonly #owner: string
  #opened: Promise<StorageTransaction> | undefined
  isOver = false
  #openFailure: unknown

  /** `owner` is whose work it is, for the error of a statement that comes after its end. */
  constructor(dialect: SqlTransaction['dialect'], begin: BeginTransaction, owner = 'handler') {
    this.dialect = dialect
    this.#begin = begin
    this.#owner = owner
  }

  /** Whether an error says that the transaction could not be opened: an outage, and no fault of the statements. */
  couldNotOpen(error: unknown): boolean {
    return error !== undefined && error === this.#openFailure
  }

  /** Whether it was asked to open; it may be over, or not have come about. */
  get isOpen(): boolean {
    return this.#opened !== undefined
  }

  /** Whether it was asked to open, and could not. */
  get hasFailed(): boolean {
    return this.#openFailure !== undefined
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
    if (this.isOver) throw new Interrupted(`a transaction whose ${this.#owner} has ended`, { outcome: 'not-started' })
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
