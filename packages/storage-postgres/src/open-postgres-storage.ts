import { ConfigError, parseDuration, silentLogger, SystemClock } from '@cruster/core'
import type { Clock, Logger } from '@cruster/core/ports'
import pg from 'pg'
import type { ClientConfig } from 'pg'
import { migrations } from './gen/migrations.ts'
import { pgListener } from './hints/listener.ts'
import { NotifiedHints } from './hints/notified-hints.ts'
import type { PostgresStorageOptions } from './postgres-storage-options.ts'
import { PostgresStorage } from './postgres-storage.ts'
import { migrate } from './schema/migrate.ts'
import { sqlNames, type SqlNames } from './schema/sql-names.ts'
import { checkPooling } from './session/check-pooling.ts'
import { checkServer } from './session/check-server.ts'
import { PgSessions } from './session/pg-sessions.ts'
import { SharedSessions } from './session/shared-sessions.ts'
import { planning } from './session/planning.ts'
import type { Sessions } from './session/session.ts'
import { toStorageError } from './storage-failure.ts'

/**
 * How to open the storage, for a runner that then closes it: `Runner.start({ storage: postgresStorage({ … }) })`.
 *
 * Each call of the result opens one.
 */
export function postgresStorage(options: PostgresStorageOptions = {}): () => Promise<PostgresStorage> {
  return () => openPostgresStorage(options)
}

/**
 * Opens the storage in a database, creating or migrating its schema as needed.
 *
 * @throws ConfigError when the server cannot be used, a pooler is in the way, or the schema is newer than this code.
 * @throws StorageError when the server cannot be reached, or refuses.
 */
export async function openPostgresStorage(options: PostgresStorageOptions = {}): Promise<PostgresStorage> {
  const settings = readOptions(options)
  const { names, logger } = settings
  const sessions = frameworkSessions(settings)
  try {
    await prepare(sessions, names, logger)
    // What a runner does first, taking shards over, is what callers wait for.
    await sessions.open()
  } catch (cause) {
    await sessions.close()
    throw cause instanceof ConfigError ? cause : toStorageError(cause, `opening ${settings.name}`)
  }
  const listen = pgListener({ ...settings.client, application_name: `${settings.application} hints` })
  return new PostgresStorage({
    ...settings,
    durable: true,
    sessions,
    batchSessions: new SharedSessions(sessions),
    transactionSessions: userSessions(settings),
    hints: new NotifiedHints({ ...settings, sessions, listen }),
    release: () => undefined,
  })
}

interface Settings {
  readonly name: string
  readonly names: SqlNames
  readonly client: ClientConfig
  /** What the connections are called in `pg_stat_activity`. */
  readonly application: string
  readonly connections: number
  readonly transactionConnections: number
  readonly transactionTimeoutMs: number
  readonly statementTimeoutMs: number
  readonly clock: Clock
  readonly logger: Logger
}

function readOptions(options: PostgresStorageOptions): Settings {
  const { connectionString, connections = 4, transactionConnections = 10 } = options
  const client = {
    application_name: 'cruster',
    ...options.client,
    ...(connectionString === undefined ? {} : { connectionString }),
  }
  const { schema = 'cruster', transactionTimeout = '30s', statementTimeout = '15s' } = options
  const application = client.application_name ?? 'cruster'
  return {
    client: { ...client, application_name: application },
    application,
    name: nameOf(client, schema),
    names: sqlNames(schema, options.now),
    // Two, because opening tries whether sessions are kept apart.
    connections: atLeast(2, connections, 'connections'),
    transactionConnections: atLeast(1, transactionConnections, 'transactionConnections'),
    transactionTimeoutMs: parseDuration(transactionTimeout, 'transactionTimeout of openPostgresStorage'),
    statementTimeoutMs: parseDuration(statementTimeout, 'statementTimeout of openPostgresStorage'),
    clock: options.clock ?? new SystemClock(),
    logger: options.logger ?? silentLogger,
  }
}

function atLeast(least: number, value: number, option: string): number {
  if (Number.isInteger(value) && value >= least) return value
  throw new ConfigError(
    `${option} of openPostgresStorage is ${value}. Nothing was opened. Give a whole number from ${least}.`,
  )
}

/** Without user and password. */
function nameOf(client: ClientConfig, schema: string): string {
  const { host, port, database } = new pg.Client(client)
  return `postgres ${host}:${port}/${database ?? ''} schema ${schema}`
}

async function prepare(sessions: Sessions, names: SqlNames, logger: Logger): Promise<void> {
  await checkPooling(sessions)
  const session = await sessions.acquire()
  try {
    await checkServer(session, logger)
    await migrate(session, names, migrations)
    session.release('usable')
  } catch (cause) {
    session.release('broken')
    throw cause
  }
}

/** How long a session may sit in a transaction of the framework before the server ends it: its process is gone or frozen. */
const idleInTransactionMs = 5000

function frameworkSessions({ client, connections, statementTimeoutMs, logger }: Settings): PgSessions {
  const settings =
    `set statement_timeout = ${Math.ceil(statementTimeoutMs)}; ` +
    `set idle_in_transaction_session_timeout = ${idleInTransactionMs}; ` +
    // What is looked at after a lock was waited for has to be what is there then, whatever server, role or user prefer.
    "set default_transaction_isolation = 'read committed'; "
  return new PgSessions({
    client,
    // The server gives up first, and says why.
    answerTimeoutMs: statementTimeoutMs + 1000,
    limit: connections,
    stayOpen: true,
    acquireTimeoutMs: statementTimeoutMs,
    setUp: settings + planning('session'),
    onIdleError: (error) =>
      logger.log('warn', 'a connection to PostgreSQL was lost; the next call opens one', { error }),
  })
}

function userSessions({
  client,
  application,
  transactionConnections,
  statementTimeoutMs,
  logger,
}: Settings): PgSessions {
  return new PgSessions({
    client: { ...client, application_name: `${application} transactions` },
    limit: transactionConnections,
    acquireTimeoutMs: statementTimeoutMs,
    onIdleError: (error) =>
      logger.log('warn', 'a connection to PostgreSQL was lost; the next call opens one', { error }),
  })
}
