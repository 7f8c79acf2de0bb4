import type { OpenCall, ReplySink } from '../connection/endpoint.ts'
import type { Job } from '../entity/job.ts'

/** A call that is over already: nothing can be done to it. */
export const closedCall: OpenCall = { cancel: nothing, credit: nothing, disconnect: nothing }

function nothing(): void {
  // The call is over.
}

/** The hold that a caller has on a job. */
export class JobCall implements OpenCall {
  readonly #job: Job
  readonly #sink: ReplySink
  readonly #withdraw: (job: Job) => void

  constructor(job: Job, sink: ReplySink, withdraw: (job: Job) => void) {
    this.#job = job
    this.#sink = sink
    this.#withdraw = withdraw
  }

  /** Nobody waits any more: the job stops if it can. What is stored goes on. */
  cancel(): void {
    const isLast = this.#job.detach(this.#sink)
    if (isLast && this.#job.stored === undefined && this.#job.phase !== 'ended') this.#withdraw(this.#job)
  }

  credit(): void {
    // Only streams have credit.
  }

  /** The caller may come back for a recorded outcome; for another it cannot. */
  disconnect(): void {
    const isLast = this.#job.detach(this.#sink)
    if (isLast && !this.#job.isRecorded && this.#job.phase !== 'ended') this.#withdraw(this.#job)
  }
}
