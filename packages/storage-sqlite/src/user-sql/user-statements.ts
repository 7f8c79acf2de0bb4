import type { StatementSync } from 'node:sqlite'
import type { SqlResult, SqlStatement } from '@cruster/core/ports'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { notStarted, toStorageError } from '../storage-failure.ts'
import { fromSqlValue, toSqlValue } from './sql-values.ts'

interface Prepared {
  readonly statement: StatementSync
  readonly hasRows: boolean
}

/** How many statements stay prepared. A program has dozens; text built from values would fill any cache. */
const cacheSize = 200

// `rollback to` a savepoint is the user's business.
const transactionVerb =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*(begin|commit|end|rollback(?!\s+(?:transaction\s+)?to\b))\b/i

/** Runs the user's statements on the writer's connection and keeps them prepared. */
export class UserStatements {
  readonly #connection: SqliteConnection
  readonly #prepared = new Map<string, Prepared>()

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  /** @throws StorageError for what SQLite refuses; the transaction goes on unless SQLite has ended it. */
  run({ sql, parameters }: SqlStatement): SqlResult<Record<string, unknown>> {
    const values = parameters.map(toSqlValue)
    try {
      const { statement, hasRows } = this.#find(sql)
      if (!hasRows) return { rows: [], affected: Number(statement.run(...values).changes) }
      const rows = statement.all(...values).map(toPlainRow)
      return { rows, affected: rows.length }
    } catch (cause) {
      throw toStorageError(cause, `running "${abbreviate(sql)}"`)
    }
  }

  #find(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    refuseTransactionVerbs(sql)
    const statement = this.#connection.prepare(sql)
    refuseSecondStatement(sql, statement)
    statement.setReadBigInts(true)
    const prepared = { statement, hasRows: statement.columns().length > 0 }
    this.#keep(sql, prepared)
    return prepared
  }

  #keep(sql: string, prepared: Prepared): void {
    const oldest = this.#prepared.keys().next()
    if (this.#prepared.size >= cacheSize && oldest.done !== true) this.#prepared.delete(oldest.value)
    this.#prepared.set(sql, prepared)
  }
}

function refuseTransactionVerbs(sql: string): void {
  const verb = transactionVerb.exec(sql)?.[1]
  if (verb === undefined) return
  throw notStarted(
    `"${verb.toLowerCase()}" was not run: the transaction begins with the handler's first statement and ends with the ` +
      'handler. Throw to roll back; use a savepoint for a part.',
  )
}

/** SQLite prepares the first statement of a text and silently leaves the rest. */
function refuseSecondStatement(sql: string, statement: StatementSync): void {
  const rest = sql.slice(statement.sourceSQL.length)
  if (/^[\s;]*(?:--[^\n]*\s*)*$/.test(rest)) return
  throw notStarted(
    `More than one statement in "${abbreviate(sql)}": only the first would run, so none did. Run them one by one.`,
  )
}

function toPlainRow(row: Readonly<Record<string, Parameters<typeof fromSqlValue>[0]>>): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  for (const column of Object.keys(row)) plain[column] = fromSqlValue(row[column] ?? null)
  return plain
}

function abbreviate(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length > 80 ? `${line.slice(0, 80)}…` : line
}
