/** A row as the client gives it. Whole numbers up to 2^53 are numbers, bytes are Uint8Array. */
export type Row = Readonly<Record<string, unknown>>

export interface Statement {
  readonly text: string
  readonly values?: readonly unknown[]
  /** Keeps the statement prepared under this name, which must never be given to another text. */
  readonly name?: string
  /** A statement of the user's: types are those of the client, and the text may hold one statement only. */
  readonly isUsers?: true
}

export interface Answer {
  readonly rows: readonly Row[]
  /** Rows inserted, updated or deleted; for a SELECT the number of rows. */
  readonly affected: number
}

/** One connection, for as long as it is not released. */
export interface Session {
  /** Statements run in the order of the calls; a later one may be on its way before an earlier one is answered. */
  run(statement: Statement): Promise<Answer>
  /**
   * Statements that are sent together, and answered together. Each runs if those before it have succeeded; rejects with the error of
   * the first that failed. Each text may hold one statement only.
   */
  runTogether(statements: readonly Statement[]): Promise<readonly Answer[]>
  /** Makes the statement that runs fail soon. Resolves when that was asked for; does nothing where it cannot be. */
  cancel(): Promise<void>
  /** Gives the connection back; `broken` closes it instead, and whatever it has begun is rolled back. */
  release(state: 'usable' | 'broken'): void
}

/** A session for a transaction with statements of a user. */
export interface TransactionSession extends Session {
  /**
   * As `runTogether`; they end the transaction of this session. Somebody else may have its connection as soon as they are sent, and
   * what he runs comes after them. When they fail, `rollBack` comes before anything else; that is all that may come.
   */
  runLast(statements: readonly Statement[]): Promise<readonly Answer[]>
  /** Rolls back whatever this session has begun. */
  rollBack(): Promise<void>
}

/** Runs statements one after the other, where the client cannot send them together. Stops at the first that fails. */
export async function runInOrder(statements: readonly Statement[], run: Session['run']): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (const statement of statements) answers.push(await run(statement))
  return answers
}

/** Where sessions come from. The smallest client that a storage needs, so that a wrapper or a fake will do. */
export interface Sessions<Kind extends Session = Session> {
  /** Waits for a free connection or opens one. */
  acquire(): Promise<Kind>
  close(): Promise<void>
}
