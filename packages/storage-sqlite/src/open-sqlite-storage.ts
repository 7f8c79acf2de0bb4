import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { ConfigError, parseDuration, silentLogger, SystemClock } from '@cruster/core'
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
  const clock = options.clock ?? new SystemClock()
  const timeoutMs = parseDuration(options.transactionTimeout ?? '5s', 'transactionTimeout of openSqliteStorage')
  const file = options.file === inMemory ? inMemory : prepareFile(options.file)
  const lock = file === inMemory ? undefined : new FileLock(file)
  try {
    const database = openMigrated(file, options, clock.now())
    return new SqliteStorage({
      name: `sqlite ${options.file}`,
      durable: file !== inMemory,
      connection: new SqliteConnection(database),
      clock,
      timeoutMs,
      logger: options.logger ?? silentLogger,
      release: () => lock?.release(),
    })
  } catch (cause) {
    lock?.release()
    throw toOpenError(cause, options.file)
  }
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
