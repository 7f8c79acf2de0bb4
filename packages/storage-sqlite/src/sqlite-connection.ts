import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { primaryCode, resultCode, toStorageError } from './storage-failure.ts'

/** How far a commit reaches before it is answered: the disk, or the operating system's cache. */
export type Durability = 'fsync' | 'os'

/**
 * The one connection to the database, with its transaction verbs.
 *
 * One is enough: SQLite has a single writer anyway, calls are synchronous, and framework rows are written and committed in
 * one synchronous step, so no reader can come in between. It also makes `:memory:` behave as a file does.
 */
export class SqliteConnection {
  readonly database: DatabaseSync
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  readonly #savepoint: StatementSync
  readonly #release: StatementSync
  readonly #back: StatementSync

  constructor(database: DatabaseSync) {
    this.database = database
    this.#begin = database.prepare('begin immediate')
    this.#commit = database.prepare('commit')
    this.#savepoint = database.prepare('savepoint cruster_unit')
    this.#release = database.prepare('release cruster_unit')
    this.#back = database.prepare('rollback to cruster_unit')
  }

  prepare(sql: string): StatementSync {
    return this.database.prepare(sql)
  }

  get isInTransaction(): boolean {
    return this.database.isTransaction
  }

  begin(): void {
    this.#begin.run()
  }

  /** @throws StorageError with outcome `unknown`, unless SQLite says for sure that nothing was committed. */
  commit(): void {
    try {
      this.#commit.run()
    } catch (cause) {
      this.rollback()
      const isRefused = primaryCode(cause) === resultCode.constraint || primaryCode(cause) === resultCode.busy
      throw toStorageError(cause, 'committing', isRefused ? 'not-started' : 'unknown')
    }
  }

  /** Does nothing when SQLite has rolled back by itself, as it does on some errors. */
  rollback(): void {
    if (this.database.isTransaction) this.database.exec('rollback')
  }

  /** Runs work inside the open transaction and undoes its writes unless `keeps` accepts the result. */
  attempt<T>(work: () => T, keeps: (result: T) => boolean): T {
    this.#savepoint.run()
    const result = work()
    if (!keeps(result)) this.#back.run()
    this.#release.run()
    return result
  }
}

/**
 * Opens the database with a write-ahead log. `fsync` syncs the log at each commit; `os` leaves that to checkpoints, so that
 * a crash of the process loses nothing, a power failure the last moments, and neither damages the file.
 */
export function openDatabase(file: string, durability: Durability): DatabaseSync {
  // Nobody else writes to the file, but a shell that somebody opened on it may, for a moment.
  const database = new DatabaseSync(file, { timeout: 500 })
  try {
    database.exec('pragma journal_mode = wal')
    database.exec(`pragma synchronous = ${durability === 'fsync' ? 'full' : 'normal'}`)
  } catch (cause) {
    database.close()
    throw cause
  }
  return database
}
