import {
  ClockDriftExceeded,
  DeadlineExceeded,
  DiscoveryError,
  Fenced,
  Interrupted,
  MailboxFull,
  RunnerUnavailable,
  ShuttingDown,
  StorageError,
  isCrusterError,
  isDeclaredError,
} from '@cruster/core'

/** How the call that failed was delivered. */
export interface Delivery {
  /** The message is in storage and stays pending until an outcome is recorded. */
  readonly stored: boolean
  /** Nobody waits for the outcome. */
  readonly oneWay: boolean
  /** The outcome of the method is recorded under the request's id. */
  readonly recorded: boolean
}

/**
 * What an error thrown by a handler means.
 *
 * - `record`: it is the call's outcome, for this caller and every later one with the same id.
 * - `answer`: it is told to the caller; a repetition of the request would run again.
 * - `redeliver`: the delivery failed; the message stays and is delivered again after a pause.
 */
export type FailureMeaning = 'record' | 'answer' | 'redeliver'

/** Cruster errors that pass: trouble with the surroundings, of this call or of one that its handler made. */
const passing: ReadonlySet<string> = new Set([
  ClockDriftExceeded.code,
  DeadlineExceeded.code,
  DiscoveryError.code,
  Fenced.code,
  Interrupted.code,
  MailboxFull.code,
  RunnerUnavailable.code,
  ShuttingDown.code,
  StorageError.code,
])

/** Whether an error tells of trouble with the surroundings, which passes. */
export function passes(error: unknown): boolean {
  return isCrusterError(error) && passing.has(error.code) && !isRefusedStatement(error)
}

/** Whether storage is there and has refused what a handler asked of it. */
function isRefusedStatement(error: unknown): boolean {
  return isOfStorage(error) && error.fault === 'statement'
}

/** Whether an error tells that storage could not be asked or could not answer. */
export function isOutage(error: unknown): boolean {
  return isOfStorage(error) && error.fault === 'storage'
}

function isOfStorage(error: unknown): error is StorageError {
  return isCrusterError(error) && error.code === StorageError.code
}

/**
 * Declared errors are outcomes. Trouble with the surroundings never becomes one. Of the rest nobody but a waiting caller
 * can make sense; without one the delivery has failed.
 */
export function meaningOf(error: unknown, delivery: Delivery): FailureMeaning {
  const outcome = delivery.recorded ? 'record' : 'answer'
  if (isDeclaredError(error)) return outcome
  if (passes(error)) return delivery.stored ? 'redeliver' : 'answer'
  return delivery.stored && delivery.oneWay ? 'redeliver' : outcome
}

/** Built-in errors that tell of a bug in the handler rather than of its subject. */
const defects: readonly ErrorConstructor[] = [TypeError, ReferenceError, RangeError, SyntaxError, EvalError]

/**
 * Whether an error is a defect: what the handler keeps in memory cannot be trusted after it, so the entity is made
 * anew.
 */
export function isDefect(error: unknown): boolean {
  return !(error instanceof Error) || defects.some((defect) => error instanceof defect)
}
