import type { Clock, Logger } from '@cruster/core/ports'
import type { NotifiedHints } from './hints/notified-hints.ts'
import type { SqlNames } from './schema/sql-names.ts'
import type { Sessions, TransactionSession } from './session/session.ts'

/** What a storage is made of. */
export interface StorageParts {
  readonly name: string
  readonly durable: boolean
  readonly names: SqlNames
  /** For the framework's own statements. */
  readonly sessions: Sessions
  /** For batches that are one statement. Where the client can, several are under way on one connection. */
  readonly batchSessions: Pick<Sessions, 'acquire'>
  /** For transactions with user SQL. */
  readonly transactionSessions: Sessions<TransactionSession>
  readonly transactionTimeoutMs: number
  readonly hints: NotifiedHints | undefined
  readonly clock: Clock
  readonly logger: Logger
  /** Called once, when the connections are closed. */
  readonly release: () => void | Promise<void>
}
