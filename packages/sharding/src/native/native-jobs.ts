import type { Job } from '../entity/job.ts'
import type { NativeRun } from './native-run.ts'

/** The jobs of one native entity: which wait and which run. Bookkeeping only. */
export class NativeJobs {
  /** Those that run. Mostly one or two: a list is cheaper than a set then. */
  readonly running: NativeRun[] = []
  /** Stored messages that have not started, in order. */
  #stored: Job[] = []
  #volatile: Job[] = []

  get isEmpty(): boolean {
    return this.running.length === 0 && this.#stored.length === 0 && this.#volatile.length === 0
  }

  get hasStored(): boolean {
    return this.#stored.length > 0
  }

  /** Volatile calls that wait or run. */
  get calls(): number {
    return this.#volatile.length + this.#callsRunning
  }

  add(job: Job): void {
    if (job.stored === undefined) this.#volatile.push(job)
    else this.#stored.push(job)
  }

  /** A job has come to its end. */
  ended(run: NativeRun): void {
    const index = this.running.indexOf(run)
    if (index >= 0) this.running.splice(index, 1)
  }

  /** Takes back a call that has not started. False when it has. */
  withdraw(job: Job): boolean {
    const before = this.#volatile.length
    this.#volatile = this.#volatile.filter((waiting) => waiting !== job)
    return this.#volatile.length < before
  }

  nextStored(): Job | undefined {
    return this.#stored.shift()
  }

  /** The next call, if fewer than these run. */
  nextCall(concurrency: number): Job | undefined {
    return this.#callsRunning < concurrency ? this.#volatile.shift() : undefined
  }

  /** Takes out stored messages that have not started and fulfil a condition. */
  takeStored(matches: (job: Job) => boolean): readonly Job[] {
    const taken = this.#stored.filter(matches)
    this.#stored = this.#stored.filter((job) => !taken.includes(job))
    return taken
  }

  /** Takes out what has not begun behind a stored message that is delivered again: it waits for that message, not here. */
  takeBehind({ stored }: Job): readonly Job[] {
    if (stored === undefined) return []
    const isBehind = (other: Job): boolean => other.stored !== undefined && other.stored.sequence > stored.sequence
    const starting = this.running.filter(({ job, hasBegun }) => isBehind(job) && !hasBegun).map(({ job }) => job)
    return [...this.takeStored(isBehind), ...starting]
  }

  /** Takes out everything that has not started. */
  takeWaiting(): readonly Job[] {
    return [...this.#stored.splice(0), ...this.#volatile.splice(0)]
  }

  get #callsRunning(): number {
    let count = 0
    for (const { job } of this.running) if (job.stored === undefined) count += 1
    return count
  }
}
