import type { Duration } from '@cruster/core'
import type { Clock, Logger } from '@cruster/core/ports'
import type { ClientConfig } from 'pg'

/** How to open a {@link PostgresStorage}. */
export interface PostgresStorageOptions {
  /** `postgres://user:password@host:port/database`. Default: what the variables PGHOST, PGUSER and so on say. */
  readonly connectionString?: string
  /** More of how to connect, as the client `pg` takes it: `ssl`, `host`, a function for `password`, and so on. */
  readonly client?: Omit<ClientConfig, 'connectionString' | 'pipeline' | 'types'>
  /** Where the tables are; created if it is missing. One for each cluster in a database. Default `cruster`. */
  readonly schema?: string
  /**
   * Connections for commits, claims and reads, which users' transactions cannot take away. Default 4. One commits, the others
   * read; more help only programs that read much.
   */
  readonly connections?: number
  /** Connections for transactions with user SQL: as many handlers can be in one at once. Default 10. */
  readonly transactionConnections?: number
  /** How long a transaction with user SQL may take; then it is rolled back. Default 30 s. */
  readonly transactionTimeout?: Duration
  /**
   * How long one of Cruster's own statements may take, and how long to wait for a connection. Default 15 s. Raise it for a
   * server that is often overloaded; lower it to hear of a dead one sooner.
   */
  readonly statementTimeout?: Duration
  /** Hears of damaged messages, of lost connections, and of settings that endanger data. Default: nobody. */
  readonly logger?: Logger
  /** Measures time-outs. Due times and retention go by the clock of the database. Default: the system's clock. */
  readonly clock?: Clock
  /**
   * An SQL expression for the time, in milliseconds since 1970, that decides due times and retention. For tests. Default: the
   * clock of the database.
   */
  readonly now?: string
}
