import type { QueryClient, SqlTransaction } from '@cruster/core/ports'
import { runInOrder, type Answer, type Row, type Session, type Statement } from '../session/session.ts'
import { toClientValue } from '../session/sql-array.ts'

/** Whole numbers that clients may give as text or bigint, because they may be larger than numbers hold. */
const wholeNumbers = ['last_sequence', 'epoch', 'version', 'position'] as const

/**
 * The connection of a user's own transaction, as the framework's statements see it. One statement at a time, because not every
 * client takes more; not prepared, because the connection may come from a proxy that gives a statement to another one.
 */
export class UserSession implements Session {
  readonly #run: (statement: Statement) => Promise<readonly unknown[]>
  #last: Promise<unknown> = Promise.resolve()

  constructor(transaction: SqlTransaction | QueryClient) {
    this.#run =
      'execute' in transaction
        ? async ({ text, values = [] }) =>
            (await transaction.execute({ sql: text, parameters: values.map(toClientValue) })).rows
        : async ({ text, values = [] }) => (await transaction.query(text, values.map(toClientValue))).rows
  }

  run(statement: Statement): Promise<Answer> {
    const answer = this.#last.then(async () => {
      const rows = (await this.#run(statement)).map(toRow)
      return { rows, affected: rows.length }
    })
    this.#last = answer.catch(() => undefined)
    return answer
  }

  runTogether(statements: readonly Statement[]): Promise<readonly Answer[]> {
    return runInOrder(statements, (statement) => this.run(statement))
  }

  /** It is the user's: nothing is cancelled, and it is not given back. */
  async cancel(): Promise<void> {}

  release(): void {}
}

function toRow(value: unknown): Row {
  const row: Record<string, unknown> = typeof value === 'object' ? { ...value } : {}
  for (const column of wholeNumbers) if (column in row) row[column] = Number(row[column])
  return row
}
