import { DatabaseSync } from 'node:sqlite'
import { Pool } from 'pg'

/** The database behind the cluster, for looking at it beside the runtime. */
export interface Database extends AsyncDisposable {
  readonly dialect: 'sqlite' | 'postgres'
  /** Begins the names of the runtime's own tables. */
  readonly tablePrefix: string
  /** Rows of a query; `?` stands for each value. */
  rows(sql: string, values?: readonly (string | number)[]): Promise<readonly Row[]>
  /** Runs statements one after the other, while no other process does so. */
  define(statements: readonly string[]): Promise<void>
}

export type Row = Readonly<Record<string, unknown>>

/** Held while tables are made: several processes start at once. */
const definitionLock = 7_264_011

/** Where the runtime keeps its tables in PostgreSQL. */
export const schema = 'cruster'

/** PostgreSQL, on connections of its own. */
export function postgresDatabase(connectionString: string): Database {
  const pool = new Pool({ connectionString, max: 4 })
  // A connection that breaks while nobody uses it is replaced.
  pool.on('error', () => undefined)
  return {
    dialect: 'postgres',
    tablePrefix: `${schema}.`,
    rows: async (sql, values = []) => {
      let count = 0
      const numbered = sql.replaceAll('?', () => `$${(count += 1)}`)
      const { rows } = await pool.query<Row>(numbered, [...values])
      return rows
    },
    define: async (statements) => {
      const connection = await pool.connect()
      try {
        await connection.query('begin')
        await connection.query('select pg_advisory_xact_lock($1)', [definitionLock])
        for (const statement of statements) await connection.query(statement)
        await connection.query('commit')
      } finally {
        // Ends what was not committed.
        connection.release(true)
      }
    },
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

/** The file of the embedded default. */
export function sqliteDatabase(file: string): Database {
  const database = new DatabaseSync(file, { timeout: 5000 })
  return {
    dialect: 'sqlite',
    tablePrefix: 'cruster_',
    rows: async (sql, values = []) => database.prepare(sql).all(...values),
    define: async (statements) => {
      for (const statement of statements) database.exec(statement)
    },
    [Symbol.asyncDispose]: async () => database.close(),
  }
}
