import { passes } from '../entity/failure.ts'
import type { Job, JobOutcome } from '../entity/job.ts'
import { failedDelivery, failureExit } from '../entity/recorded-outcome.ts'
import { Postponed } from '../extension/postponed.ts'

/** Ends a job that could not be served. A stored message is not to blame for what passes. */
export function undelivered(job: Job, error: unknown): JobOutcome {
  const isPassing = passes(error) || error instanceof Postponed
  return isPassing ? givenUp(job, error) : failedDelivery(job, error)
}

/** Ends a job through no fault of its own: a stored message is delivered again without being counted. */
export function givenUp(job: Job, error: unknown): JobOutcome {
  return job.stored === undefined
    ? { kind: 'exit', exit: failureExit(error) }
    : { kind: 'redeliver', error, isOutage: true }
}
