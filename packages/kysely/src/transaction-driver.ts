import { ConfigError } from '@cruster/core'
import type { SqlTransaction } from '@cruster/core/ports'
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'

/** Kysely's driver on a transaction that is open already, and that others will end. */
export class TransactionDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(tx: SqlTransaction) {
    this.#connection = new TransactionConnection(tx)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  async beginTransaction(): Promise<void> {
    throw new ConfigError(
      'A handler is in its transaction already, so kysely(tx).transaction() has nothing to begin. Nothing was run. Use the ' +
        'builder itself, and savepoints for a part.',
    )
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

class TransactionConnection implements DatabaseConnection {
  readonly #tx: SqlTransaction

  constructor(tx: SqlTransaction) {
    this.#tx = tx
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, affected } = await this.#tx.execute<Row>({ sql, parameters })
    return { rows: [...rows], numAffectedRows: BigInt(affected) }
  }

  // oxlint-disable-next-line require-yield -- there is nothing to yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new ConfigError('The transaction of a handler has no cursors. Nothing was run. Read in pages with `limit`.')
  }
}
