import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '@cruster/core'

/** SQLite's result code for: somebody else has it. */
const busy = 5

/**
 * Makes sure that one storage at a time has a folder, which PGlite itself does not: two that write to it diverge without a
 * word.
 *
 * `<folder>.lock` is an empty SQLite database held in an exclusive transaction. The operating system drops such a lock with
 * its process, even on SIGKILL, so a restart never finds a stale one; and unlike a bare file lock, SQLite also keeps two
 * holders inside one process apart. `<folder>.pid` says who holds it, for the message only.
 */
export class FolderLock {
  readonly #database: DatabaseSync
  readonly #pidFile: string

  /** Creates the folder. @throws ConfigError when somebody has it. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    const path = realpathSync(folder)
    this.#pidFile = `${path}.pid`
    this.#database = new DatabaseSync(`${path}.lock`)
    try {
      this.#database.exec('begin exclusive')
      writeFileSync(this.#pidFile, `${process.pid}\n`)
    } catch (cause) {
      this.#database.close()
      throw isBusy(cause) ? inUse(folder, readHolder(this.#pidFile)) : cause
    }
  }

  /** The lock file stays: removing it could take it from under the next holder. */
  release(): void {
    rmSync(this.#pidFile, { force: true })
    this.#database.close()
  }
}

function isBusy(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && Number(Reflect.get(cause, 'errcode')) % 256 === busy
}

function readHolder(pidFile: string): string {
  try {
    return `process ${readFileSync(pidFile, 'utf8').trim()}`
  } catch {
    // The holder has the lock, but has not written its number yet.
    return 'another process'
  }
}

function inUse(folder: string, holder: string): ConfigError {
  return new ConfigError(
    `${folder} is in use by ${holder}. Nothing was opened. One process at a time may have a PGlite storage: end the other ` +
      'one, give this one a folder of its own, or use a PostgreSQL server for several runners.',
  )
}
