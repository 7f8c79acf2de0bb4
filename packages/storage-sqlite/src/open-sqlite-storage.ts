import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { ConfigError, parseDuration, silentLogger, SystemClock } from '@cruster/core'
import type { Clock } from '@cruster/core/ports'
import { FileLock } from './file-lock.ts'
import { migrate } from './schema/migrate.ts'
import { migrations } from './schema/migrations.ts'
import { openDatabase, SqliteConnection } from './sqlite-connection.ts'
import type { SqliteStorageOptions } from './sqlite-storage-options.ts'
import { SqliteStorage } from './sqlite-storage.ts'
import { primaryCode, resultCode, toStorageError } from './storage-failure.ts'

const inMemory = ':memory:'

/**
 * Opens the storage in a file, creating or migrating it as needed.
 *
 * @throws ConfigError when another process or storage has the file, when it is no database, or is newer than this code.
 * @throws StorageError when the disk refuses.
 */
export async function openSqliteStorage(options: SqliteStorageOptions): Promise<SqliteStorage> {
  const timeoutMs = parseDuration(options.transactionTimeout ?? '5s', 'transactionTimeout of openSqliteStorage')
  const settings = { ...options, timeoutMs, clock: options.clock ?? new SystemClock() }
  try {
    return options.file === inMemory
      ? openDatabaseAt(inMemory, settings)
      : openLocked(prepareFile(options.file), settings)
  } catch (cause) {
    throw toOpenError(cause, options.file)
  }
}

type Settings = SqliteStorageOptions & { readonly clock: Clock; readonly timeoutMs: number }

function openLocked(path: string, settings: Settings): SqliteStorage {
  const lock = new FileLock(path)
  try {
    return openDatabaseAt(path, settings, lock)
  } catch (cause) {
    lock.release()
    throw cause
  }
}

function openDatabaseAt(path: string, settings: Settings, lock?: FileLock): SqliteStorage {
  const { clock, timeoutMs, logger = silentLogger } = settings
  const connection = new SqliteConnection(openMigrated(path, settings, clock.now()))
  return new SqliteStorage({
    name: `sqlite ${settings.file}`,
    durable: lock !== undefined,
    connection,
    clock,
    timeoutMs,
    logger,
    release: () => lock?.release(),
  })
}

function openMigrated(file: string, { durability = 'fsync' }: SqliteStorageOptions, now: number): DatabaseSync {
  const database = openDatabase(file, durability)
  try {
    migrate(database, migrations, now)
    return database
  } catch (cause) {
    database.close()
    throw cause
  }
}

/** Creates the folder, and resolves links so that one file has one lock whatever it is called. */
function prepareFile(file: string): string {
  try {
    const path = resolve(file)
    if (existsSync(path)) return realpathSync(path)
    mkdirSync(dirname(path), { recursive: true })
    return join(realpathSync(dirname(path)), basename(path))
  } catch (cause) {
    throw new ConfigError(
      `The folder of ${file} cannot be used. Nothing was opened. Give a path that can be written.`,
      { cause },
    )
  }
}

function toOpenError(cause: unknown, file: string): unknown {
  if (cause instanceof ConfigError) return cause
  if (primaryCode(cause) !== resultCode.notADatabase) return toStorageError(cause, `opening ${file}`)
  return new ConfigError(
    `${file} is not a SQLite database. Nothing was changed. Check the path, or move the file away.`,
    { cause },
  )
}
