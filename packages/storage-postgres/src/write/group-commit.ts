import type { StorageError } from '@cruster/core'
import type { Clock, Unit, UnitResult } from '@cruster/core/ports'
import { sqlStateOf, toStorageError } from '../storage-failure.ts'
import { takeBatch } from './take-batch.ts'

/** Commits a batch. A StorageError says that nothing of it was stored, or that nobody knows. */
export type CommitBatch = (units: readonly Unit[]) => Promise<readonly UnitResult[]>

/** One call that waits for its batch. */
interface Call {
  readonly units: readonly Unit[]
  readonly resolve: (results: readonly UnitResult[]) => void
  readonly reject: (error: StorageError) => void
}

/**
 * Gathers the calls of a turn of the event loop, and those that come while a batch is on its way, into one batch: one round
 * trip and one sync of the log for all of them. One batch at a time, so calls take effect in the order in which they came.
 *
 * An error of the database concerns the call that caused it: nothing of the batch is stored then, and its calls are
 * committed one by one.
 */
export class GroupCommit {
  readonly #commit: CommitBatch
  readonly #clock: Clock
  readonly #waiting: Call[] = []
  #running: Promise<void> | undefined

  constructor(commit: CommitBatch, clock: Clock) {
    this.#commit = commit
    this.#clock = clock
  }

  /** Commits units with the next batch. All units of a call are in one batch. */
  add(units: readonly Unit[]): Promise<readonly UnitResult[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ units, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Resolves when everything that was added is answered. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.defer(resolve))
    while (this.#waiting.length > 0) await this.#commitBatch(takeBatch(this.#waiting))
    this.#running = undefined
  }

  async #commitBatch(calls: readonly Call[]): Promise<void> {
    try {
      const results = await this.#commit(calls.flatMap(({ units }) => units))
      let start = 0
      for (const { units, resolve } of calls) resolve(results.slice(start, (start += units.length)))
    } catch (cause) {
      await this.#recover(calls, toStorageError(cause, 'committing units'))
    }
  }

  async #recover(calls: readonly Call[], error: StorageError): Promise<void> {
    // When nobody knows whether it was stored, doing it again could do it twice.
    if (calls.length === 1 || error.outcome === 'unknown' || !isAboutData(error)) {
      for (const { reject } of calls) reject(error)
      return
    }
    for (const call of calls) await this.#commitBatch([call])
  }
}

/** Errors that a value in one of the calls has caused: it has no place, breaks a constraint, or is too large. */
function isAboutData({ cause }: StorageError): boolean {
  return ['21', '22', '23', '54'].includes(sqlStateOf(cause)?.slice(0, 2) ?? '')
}
