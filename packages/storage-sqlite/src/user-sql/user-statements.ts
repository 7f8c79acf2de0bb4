import type { StatementSync } from 'node:sqlite'
import type { StorageError } from '@cruster/core'
import type { SqlResult, SqlStatement } from '@cruster/core/ports'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { refusedStatement, toStatementError } from '../storage-failure.ts'
import { fromSqlValue, toSqlValue } from './sql-values.ts'

interface Prepared {
  readonly statement: StatementSync
  readonly hasRows: boolean
  /** Whether SQLite's count of changes is about this statement: others leave the one before in place. */
  readonly hasChanges: boolean
}

/** How many statements stay prepared. A program has dozens; text built from values would fill any cache. */
const cacheSize = 200

// White space and comments, then the first word; `rollback to` counts as one.
const leading = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*(rollback\s+(?:transaction\s+)?to\b|\w*)/i
const transactionVerbs: ReadonlySet<string> = new Set(['begin', 'commit', 'end', 'rollback'])
const schemaVerbs: ReadonlySet<string> = new Set(['alter', 'create', 'drop'])
const changingVerbs: ReadonlySet<string> = new Set(['insert', 'replace', 'update', 'delete', 'with'])

/** Runs the user's statements on the writer's connection and keeps them prepared. */
export class UserStatements {
  readonly #connection: SqliteConnection
  readonly #prepared = new Map<string, Prepared>()
  #hasNewSchema = false

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  /** @throws StorageError for what SQLite refuses; the transaction goes on unless SQLite has ended it. */
  run({ sql, parameters }: SqlStatement): SqlResult<Record<string, unknown>> {
    const values = parameters.map(toSqlValue)
    try {
      const { statement, hasRows, hasChanges } = this.#find(sql)
      if (!hasRows) {
        const { changes } = statement.run(...values)
        return { rows: [], affected: hasChanges ? Number(changes) : 0 }
      }
      const rows = statement.all(...values).map(toPlainRow)
      return { rows, affected: rows.length }
    } catch (cause) {
      throw toStatementError(cause, `running "${abbreviate(sql)}"`)
    }
  }

  #find(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const verb = leading.exec(sql)?.[1]?.toLowerCase() ?? ''
    if (transactionVerbs.has(verb)) throw transactionVerbRefused(verb)
    const statement = this.#connection.prepare(sql)
    refuseSecondStatement(sql, statement)
    statement.setReadBigInts(true)
    if (schemaVerbs.has(verb)) this.#forgetColumns()
    const prepared = { statement, hasRows: statement.columns().length > 0, hasChanges: changingVerbs.has(verb) }
    this.#keep(sql, prepared)
    return prepared
  }

  /** To be called when a transaction is over: a rollback also takes back changes of the schema. */
  endTransaction(): void {
    if (this.#hasNewSchema) this.#prepared.clear()
    this.#hasNewSchema = false
  }

  /** Node 22 goes on reading the columns that a statement had when it was prepared. */
  #forgetColumns(): void {
    this.#prepared.clear()
    this.#hasNewSchema = true
  }

  #keep(sql: string, prepared: Prepared): void {
    if (this.#hasNewSchema) return
    const oldest = this.#prepared.keys().next()
    if (this.#prepared.size >= cacheSize && oldest.done !== true) this.#prepared.delete(oldest.value)
    this.#prepared.set(sql, prepared)
  }
}

function transactionVerbRefused(verb: string): StorageError {
  return refusedStatement(
    `"${verb}" was not run: the transaction begins with the handler's first statement and ends with the handler. ` +
      'Throw to roll back; use a savepoint for a part.',
  )
}

/** SQLite prepares the first statement of a text and silently leaves the rest. */
function refuseSecondStatement(sql: string, statement: StatementSync): void {
  const rest = sql.slice(statement.sourceSQL.length)
  if (/^(?:[\s;]|--[^\n]*|\/\*[^]*?\*\/)*$/.test(rest)) return
  throw refusedStatement(
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
