import type { EntityAddress, StorageError } from '@cruster/core'
import type { Clock, Unit, UnitResult } from '@cruster/core/ports'
import { sqlStateOf, toStorageError } from '../storage-failure.ts'
import { JournalQuestions } from './journal-questions.ts'
import { takeBatch, type Batch } from './take-batch.ts'

/** Commits a batch, and may answer the questions. A StorageError says that nothing of it was stored, or that nobody knows. */
export type CommitBatch = (units: readonly Unit[], questions: JournalQuestions) => Promise<readonly UnitResult[]>

/** One call that waits for its batch. */
interface Call {
  readonly units: readonly Unit[]
  readonly resolve: (results: readonly UnitResult[]) => void
  readonly reject: (error: StorageError) => void
}

/** Batches under way at once: while the server works on one, this process makes the other out of what was answered. */
const batchesAtOnce = 2

/** Calls are shared out between batches from so many units on. Fewer cost less together: each batch has its own price. */
const unitsWorthSharing = 16

/**
 * The second batch has at least so much of the first one's units. Without that, workflows of 64 callers go in twice as many
 * statements; with 1, activities of 64 callers, who all come back at once but for a few, have one batch at a time.
 */
const leastShare = 0.75

/**
 * Gathers the calls of a turn of the event loop, and those that come while batches are on their way, into batches: one round
 * trip and one sync of the log for all calls of one.
 *
 * Two batches at a time, each with half of what there is, one behind the other on the same connection. With 64 callers that is
 * 1.6 times as fast as all in one batch, for which this process would wait idly, and 1.2 times as fast as on two connections,
 * whose backends and this process would fight for two cores. Calls that concern the same shard or message are never in both: they take effect in the
 * order in which they came.
 *
 * An error of the database concerns the call that caused it: nothing of the batch is stored then, and its calls are
 * committed one by one.
 */
export class GroupCommit {
  readonly #commit: CommitBatch
  readonly #clock: Clock
  readonly #waiting: Call[] = []
  readonly #questions = new JournalQuestions()
  #underWay: readonly Batch<Call>[] = []
  /** Whether batches are about to be made. */
  #isGathering = false
  #onIdle = (): void => undefined

  constructor(commit: CommitBatch, clock: Clock) {
    this.#commit = commit
    this.#clock = clock
  }

  /** Commits units with the next batch. All units of a call are in one batch. */
  add(units: readonly Unit[]): Promise<readonly UnitResult[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ units, resolve, reject })
      this.#gather()
    })
  }

  /** Asks with the next batch whether a journal is there. Undefined, at once or later, when that cannot be told so. */
  askForJournal(address: EntityAddress): Promise<boolean | undefined> | undefined {
    return this.#waiting.length === 0 ? undefined : this.#questions.ask(address)
  }

  /** Resolves when everything that was added is answered. */
  async idle(): Promise<void> {
    while (this.#waiting.length > 0 || this.#underWay.length > 0) {
      await new Promise<void>((resolve) => (this.#onIdle = resolve))
    }
  }

  #gather(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    this.#clock.defer(() => {
      this.#isGathering = false
      this.#start()
    })
  }

  #start(): void {
    while (this.#waiting.length > 0 && this.#underWay.length < batchesAtOnce && this.#isWorthwhile()) {
      const batch = takeBatch(this.#waiting, { underWay: this.#underWay, units: this.#share() })
      if (batch.calls.length === 0) return
      this.#underWay = [...this.#underWay, batch]
      void this.#run(batch)
    }
  }

  /** A batch that is much smaller than the one before it waits for that one to end: small batches would breed small ones. */
  #isWorthwhile(): boolean {
    const [first] = this.#underWay
    return first === undefined || unitsOf(this.#waiting) >= first.units.length * leastShare
  }

  /** So many units that all batches become equally large. */
  #share(): number {
    const units = unitsOf(this.#waiting) + unitsOf(this.#underWay)
    return Math.max(unitsWorthSharing, Math.ceil(units / batchesAtOnce))
  }

  async #run(batch: Batch<Call>): Promise<void> {
    await this.#commitBatch(batch, this.#questions.takeAll())
    this.#underWay = this.#underWay.filter((other) => other !== batch)
    if (this.#waiting.length > 0) this.#gather()
    else this.#onIdle()
  }

  async #commitBatch(
    { calls, units: all }: Pick<Batch<Call>, 'calls' | 'units'>,
    questions = new JournalQuestions(),
  ): Promise<void> {
    try {
      const results = await this.#commit(all, questions)
      questions.giveUp()
      let start = 0
      for (const { units, resolve } of calls) resolve(results.slice(start, (start += units.length)))
    } catch (cause) {
      questions.giveUp()
      await this.#recover(calls, toStorageError(cause, 'committing units'))
    }
  }

  async #recover(calls: readonly Call[], error: StorageError): Promise<void> {
    // When nobody knows whether it was stored, doing it again could do it twice.
    if (calls.length === 1 || error.outcome === 'unknown' || !isAboutData(error)) {
      for (const { reject } of calls) reject(error)
      return
    }
    for (const call of calls) await this.#commitBatch({ calls: [call], units: call.units })
  }
}

function unitsOf(parts: readonly Pick<Call, 'units'>[]): number {
  let units = 0
  for (const part of parts) units += part.units.length
  return units
}

/** Errors that a value in one of the calls has caused: it has no place, breaks a constraint, or is too large. */
function isAboutData({ cause }: StorageError): boolean {
  return ['21', '22', '23', '54'].includes(sqlStateOf(cause)?.slice(0, 2) ?? '')
}
