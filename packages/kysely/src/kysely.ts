import type { SqlTransaction } from '@cruster/core/ports'
import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
} from 'kysely'
import { TransactionDriver } from './transaction-driver.ts'

/**
 * A query builder on the transaction of a handler. What it runs takes effect if and only if the handler's other effects do.
 *
 * `DB` describes your tables, as Kysely documents it. It builds the SQL of the storage's dialect, so the same handler can run
 * on SQLite in development and on PostgreSQL in production as far as the SQL that you ask for exists in both. Good for the one
 * transaction; cheap to make, so make it where it is needed.
 */
export function kysely<DB>(tx: SqlTransaction): Kysely<DB> {
  return new Kysely<DB>({ dialect: dialectOf(tx) })
}

function dialectOf(tx: SqlTransaction): Dialect {
  const createDriver = (): TransactionDriver => new TransactionDriver(tx)
  switch (tx.dialect) {
    case 'sqlite':
      return {
        createDriver,
        createAdapter: () => new SqliteAdapter(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      }
    case 'postgres':
      return {
        createDriver,
        createAdapter: () => new PostgresAdapter(),
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      }
  }
}
