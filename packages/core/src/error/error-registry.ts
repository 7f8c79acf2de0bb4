import { ActivityFailed } from './activity-failed.ts'
import { CallCycle } from './call-cycle.ts'
import { ClockDriftExceeded } from './clock-drift-exceeded.ts'
import { CodecError } from './codec-error.ts'
import { ConfigError } from './config-error.ts'
import type { CrusterError, Outcome } from './cruster-error.ts'
import { isCrusterError } from './cruster-error.ts'
import { DeadLettered } from './dead-lettered.ts'
import { DeadlineExceeded } from './deadline-exceeded.ts'
import { Defect } from './defect.ts'
import { DiscoveryError } from './discovery-error.ts'
import { EntityNotFound } from './entity-not-found.ts'
import type { ErrorData } from './error-data.ts'
import { isErrorData } from './error-data.ts'
import { ErrorDetails } from './error-details.ts'
import { ExecutionNotFound } from './execution-not-found.ts'
import { Fenced } from './fenced.ts'
import type { GivenOutcome } from './given-outcome.ts'
import { IdempotencyConflict } from './idempotency-conflict.ts'
import { Interrupted } from './interrupted.ts'
import { JournalTooLarge } from './journal-too-large.ts'
import { MailboxFull } from './mailbox-full.ts'
import { MethodNotFound } from './method-not-found.ts'
import { NonDeterminismError } from './non-determinism-error.ts'
import { PayloadTooLarge } from './payload-too-large.ts'
import { RemoteError } from './remote-error.ts'
import { RunnerUnavailable } from './runner-unavailable.ts'
import { ShuttingDown } from './shutting-down.ts'
import { StateUnusable } from './state-unusable.ts'
import { StorageError } from './storage-error.ts'
import { thrownText } from './thrown-text.ts'
import { ValidationError } from './validation-error.ts'
import { VersionNotRegistered } from './version-not-registered.ts'
import { WorkflowCancelled } from './workflow-cancelled.ts'

/** A class of the closed family, which can be made again from what crossed the wire. */
interface ErrorClass {
  readonly code: string
  revive(details: ErrorDetails, options: GivenOutcome): CrusterError
}

/** The closed family. An error that is not in this list arrives as a {@link RemoteError}. */
const family: readonly ErrorClass[] = [
  { code: ActivityFailed.code, revive: activityFailed },
  CallCycle,
  ClockDriftExceeded,
  { code: CodecError.code, revive: (details, options) => new CodecError(details.message, options) },
  ConfigError,
  DeadLettered,
  DeadlineExceeded,
  Defect,
  DiscoveryError,
  EntityNotFound,
  ExecutionNotFound,
  Fenced,
  IdempotencyConflict,
  Interrupted,
  JournalTooLarge,
  MailboxFull,
  MethodNotFound,
  NonDeterminismError,
  PayloadTooLarge,
  RemoteError,
  RunnerUnavailable,
  ShuttingDown,
  StateUnusable,
  StorageError,
  ValidationError,
  VersionNotRegistered,
  WorkflowCancelled,
]

const classByCode: ReadonlyMap<string, ErrorClass> = new Map(family.map((each) => [each.code, each]))

const declaredBrand = Symbol.for('@cruster/core/DeclaredError')

/** Turns whatever was thrown into plain data. Never throws. */
export function encodeError(error: unknown): ErrorData {
  if (isCrusterError(error)) return encodeCrusterError(error)
  const { name, message, code } = thrownText(error)
  if (typeof error === 'object' && error !== null && declaredBrand in error) {
    return { family: 'declared', name, message, details: { data: 'data' in error ? error.data : undefined } }
  }
  return code === undefined ? { family: 'remote', name, message } : { family: 'remote', name, message, code }
}

function encodeCrusterError(error: CrusterError): ErrorData {
  // The cause is what a workflow decides on.
  const inner = error.code === ActivityFailed.code && { cause: encodeError(error.cause) }
  return {
    family: 'cruster',
    name: error.name,
    message: error.message,
    code: error.code,
    outcome: error.outcome,
    details: { ...error.details(), ...inner },
  }
}

/**
 * Turns plain data back into an error. Cruster's own come back as the same class with the same fields. Everything else,
 * errors of a newer version included, comes back as a {@link RemoteError}.
 */
export function decodeError(data: ErrorData): CrusterError {
  if (data.family === 'cruster' && data.code !== undefined) {
    const revived = reviveCrusterError(data, classByCode.get(data.code))
    if (revived !== undefined) return revived
  }
  return new RemoteError(
    {
      remoteName: data.name,
      remoteMessage: data.message,
      ...(data.code !== undefined && { remoteCode: data.code }),
      ...(data.family === 'declared' && { data: data.details?.['data'] }),
    },
    { outcome: outcomeOf(data) },
  )
}

function reviveCrusterError(data: ErrorData, errorClass: ErrorClass | undefined): CrusterError | undefined {
  try {
    const details = new ErrorDetails(data.message, data.details ?? {})
    const outcome = outcomeOf(data)
    const error = errorClass?.revive(details, { outcome })
    // The other side may word its messages otherwise, and knew the cause; and it knows what can have taken effect.
    return error === undefined ? undefined : Object.assign(error, { message: data.message, outcome })
  } catch {
    // Its fields are not what this version expects: what is known of it still has to reach the caller.
    return undefined
  }
}

function activityFailed(details: ErrorDetails, options: GivenOutcome): ActivityFailed {
  const inner = details.value('cause')
  const cause = isErrorData(inner) ? decodeError(inner) : undefined
  return new ActivityFailed(
    { activity: details.text('activity'), attempts: details.number('attempts') },
    { ...options, cause },
  )
}

/** A handler's error says that the handler ran; of Cruster's own, only they themselves can say. */
function outcomeOf(data: ErrorData): Outcome {
  return data.outcome ?? (data.family === 'cruster' ? 'unknown' : 'failed')
}
