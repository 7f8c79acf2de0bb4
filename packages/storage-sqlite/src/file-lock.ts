import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '@cruster/core'
import { primaryCode, resultCode } from './storage-failure.ts'

/**
 * Makes sure that one storage at a time has a database file, whatever process or thread it is in.
 *
 * `<file>.lock` is an empty SQLite database held in an exclusive transaction. The operating system drops such a lock with
 * its process, even on SIGKILL, so a restart never finds a stale one; and unlike a bare file lock, SQLite also keeps two
 * holders inside one process apart. The database itself stays unlocked, so that a shell may look into it at any time.
 * `<file>.pid` says who holds it, for the message only.
 */
export class FileLock {
  readonly #database: DatabaseSync
  readonly #pidFile: string

  /** @throws ConfigError when somebody has the file; what SQLite throws when it cannot be written. */
  constructor(file: string) {
    this.#pidFile = `${file}.pid`
    this.#database = new DatabaseSync(`${file}.lock`)
    try {
      this.#database.exec('begin exclusive')
      writeFileSync(this.#pidFile, `${process.pid}\n`)
    } catch (cause) {
      this.#database.close()
      throw primaryCode(cause) === resultCode.busy ? inUse(file, readHolder(this.#pidFile)) : cause
    }
  }

  /** The lock file stays: removing it could take it from under the next holder. */
  release(): void {
    rmSync(this.#pidFile, { force: true })
    this.#database.close()
  }
}

function readHolder(pidFile: string): string {
  try {
    return `process ${readFileSync(pidFile, 'utf8').trim()}`
  } catch {
    // The holder has the lock, but has not written its number yet.
    return 'another process'
  }
}

function inUse(file: string, holder: string): ConfigError {
  return new ConfigError(
    `${file} is in use by ${holder}. Nothing was opened. One process at a time may have a SQLite storage: end the other ` +
      'one, give this one a file of its own, or use PostgreSQL for several runners.',
  )
}
