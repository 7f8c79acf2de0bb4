import type { StorageError } from '@cruster/core'
import type { Clock } from '@cruster/core/ports'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStorageError } from '../storage-failure.ts'
import type { WriterLane } from '../writer-lane.ts'

/** One call that waits for a transaction. */
interface Job {
  /** Runs inside the transaction. Returns how to answer once it is committed. */
  readonly work: () => () => void
  readonly reject: (error: unknown) => void
}

/** Bounds how long one batch keeps the event loop: about 10 ms of small units. */
const largestBatch = 512

/**
 * Puts all writes that arrive in the same turn of the event loop, or while the lane is taken, into one transaction: one
 * sync of the disk for all of them. Each is answered after the commit, never before.
 *
 * An error of the database concerns the call that caused it: the batch is rolled back and its calls run again one by one,
 * each in a transaction of its own.
 */
export class GroupCommit {
  readonly #connection: SqliteConnection
  readonly #lane: WriterLane
  readonly #clock: Clock
  readonly #waiting: Job[] = []

  constructor(connection: SqliteConnection, lane: WriterLane, clock: Clock) {
    this.#connection = connection
    this.#lane = lane
    this.#clock = clock
  }

  /** Runs `work` in the next transaction; resolves to its result when that is committed. */
  run<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        work: () => {
          const result = work()
          return () => resolve(result)
        },
        reject,
      })
      if (this.#waiting.length === 1) this.#schedule()
    })
  }

  #schedule(): void {
    this.#clock.defer(() => {
      this.#lane.enter((leave) => {
        const jobs = this.#waiting.splice(0, largestBatch)
        if (this.#waiting.length > 0) this.#schedule()
        this.#commit(jobs)
        leave()
      })
    })
  }

  #commit(jobs: readonly Job[]): void {
    try {
      this.#connection.begin()
    } catch (cause) {
      rejectAll(jobs, toStorageError(cause, 'opening a transaction'))
      return
    }
    try {
      const answers = jobs.map((job) => job.work())
      this.#connection.commit()
      for (const answer of answers) answer()
    } catch (cause) {
      this.#connection.rollback()
      this.#recover(jobs, toStorageError(cause, 'writing'))
    }
  }

  #recover(jobs: readonly Job[], error: StorageError): void {
    // When the commit itself failed, running the calls again could apply them twice.
    if (jobs.length === 1 || error.outcome === 'unknown') rejectAll(jobs, error)
    else for (const job of jobs) this.#commit([job])
  }
}

function rejectAll(jobs: readonly Job[], error: StorageError): void {
  for (const job of jobs) job.reject(error)
}
