import { PGlite } from '@electric-sql/pglite'
import { ConfigError, parseDuration, silentLogger, SystemClock, type Duration } from '@cruster/core'
import type { Clock, Logger } from '@cruster/core/ports'
import { migrations } from '../gen/migrations.ts'
import { PostgresStorage } from '../postgres-storage.ts'
import { migrate } from '../schema/migrate.ts'
import { sqlNames, type SqlNames } from '../schema/sql-names.ts'
import { planning } from '../session/planning.ts'
import type { Sessions } from '../session/session.ts'
import { toStorageError } from '../storage-failure.ts'
import { FolderLock } from './folder-lock.ts'
import { PgliteSessions, type PgliteClient } from './pglite-sessions.ts'

/** How to open a storage in PGlite, which is PostgreSQL inside this process. */
export interface PgliteStorageOptions {
  /** Folder of the database. Default: none, everything is in memory and lost with the process. */
  readonly dataDir?: string
  /** A PGlite of yours instead, which stays yours to close. */
  readonly database?: PgliteClient
  /** Where the tables are. Default `cruster`. */
  readonly schema?: string
  /** How long a transaction with user SQL may take, everything else waiting for it; then it is rolled back. Default 5 s. */
  readonly transactionTimeout?: Duration
  /** Hears of damaged messages, and at the start of what PGlite does not promise. Default: nobody. */
  readonly logger?: Logger
  /** Measures time-outs. Default: the system's clock. */
  readonly clock?: Clock
  /** An SQL expression for the time, in milliseconds since 1970. For tests. Default: the clock of the database. */
  readonly now?: string
}

/** How to open the storage, for a runner that then closes it. For development: no server is needed, and none can share it. */
export function pgliteStorage(options: PgliteStorageOptions = {}): () => Promise<PostgresStorage> {
  return () => openPgliteStorage(options)
}

/**
 * Opens the storage in PGlite. It runs the code that runs on a server, so it shows in development what production will do.
 *
 * @throws ConfigError when another process or storage has the folder, or the schema is newer than this code.
 */
export async function openPgliteStorage(options: PgliteStorageOptions = {}): Promise<PostgresStorage> {
  const { dataDir, schema = 'cruster', transactionTimeout = '5s', logger = silentLogger } = options
  const names = sqlNames(schema, options.now)
  const transactionTimeoutMs = parseDuration(transactionTimeout, 'transactionTimeout of openPgliteStorage')
  const name = `pglite ${dataDir ?? 'in memory'} schema ${schema}`
  const { client, close } = await openClient(options, name)
  try {
    const sessions = new PgliteSessions(client, planning('session'))
    await prepare(sessions, names)
    if (dataDir !== undefined) warn(logger, dataDir)
    return new PostgresStorage({
      name,
      names,
      durable: dataDir !== undefined,
      sessions,
      batchSessions: sessions,
      transactionSessions: sessions,
      transactionTimeoutMs,
      // Nobody else can store messages here.
      hints: undefined,
      clock: options.clock ?? new SystemClock(),
      logger,
      release: close,
    })
  } catch (cause) {
    await close()
    throw cause instanceof ConfigError ? cause : toStorageError(cause, `opening ${name}`)
  }
}

interface OpenedClient {
  readonly client: PgliteClient
  readonly close: () => Promise<void>
}

async function openClient({ database, dataDir }: PgliteStorageOptions, name: string): Promise<OpenedClient> {
  if (database !== undefined) return { client: database, close: async () => undefined }
  const lock = dataDir === undefined ? undefined : new FolderLock(dataDir)
  try {
    const client = await PGlite.create(dataDir === undefined ? {} : { dataDir })
    return {
      client,
      async close() {
        await client.close()
        lock?.release()
      },
    }
  } catch (cause) {
    lock?.release()
    throw toStorageError(cause, `opening ${name}`)
  }
}

async function prepare(sessions: Sessions, names: SqlNames): Promise<void> {
  const session = await sessions.acquire()
  try {
    await migrate(session, names, migrations)
  } finally {
    session.release('usable')
  }
}

function warn(logger: Logger, dataDir: string): void {
  logger.log(
    'warn',
    'PGlite is for development: it does not sync its files to the disk, and only Cruster keeps others out of its folder',
    { dataDir },
  )
}
