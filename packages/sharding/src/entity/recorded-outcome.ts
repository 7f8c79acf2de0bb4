import type { EntityAddress, RequestId } from '@cruster/core'
import { IdempotencyConflict, Interrupted, StorageError, encodeError, encodeExit, isCrusterError } from '@cruster/core'
import type { Job, JobOutcome } from './job.ts'

export function failureExit(error: unknown): Uint8Array {
  return encodeExit({ kind: 'failure', error: encodeError(error) })
}

/** The exit of a handler that began. That an inner call of it was not started says nothing about the handler. */
export function handlerFailureExit(error: unknown): Uint8Array {
  const data = encodeError(error)
  return encodeExit({ kind: 'failure', error: data.outcome === 'not-started' ? { ...data, outcome: 'failed' } : data })
}

/** What callers of a message that was cancelled before it took effect are told. */
export function cancelledExit(id: RequestId): Uint8Array {
  return failureExit(new Interrupted(`message ${id}`, { outcome: 'not-started' }))
}

/** Ends a job that did not run: a stored message stays for another delivery, a call is answered. */
export function failedDelivery(job: Job, error: unknown): JobOutcome {
  if (job.stored === undefined) return { kind: 'exit', exit: failureExit(error) }
  return { kind: 'redeliver', error, isOutage: isCrusterError(error) && error.code === StorageError.code }
}

/** An outcome that is recorded for a request. */
export interface Recorded {
  readonly id: RequestId
  readonly digest?: Uint8Array | undefined
  readonly exit: Uint8Array
}

/**
 * What a repetition of a request gets: the recorded exit; or a conflict, when it comes with another input under the
 * same idempotency key.
 */
export function repeatedExit(
  request: { readonly address: EntityAddress; readonly method: string; readonly digest?: Uint8Array | undefined },
  recorded: Pick<Recorded, 'digest' | 'exit'>,
): Uint8Array {
  return sameDigest(request.digest, recorded.digest) ? recorded.exit : failureExit(conflictOf(request))
}

export function conflictOf(request: { readonly address: EntityAddress; readonly method: string }): IdempotencyConflict {
  return new IdempotencyConflict(`${request.address.type}/${request.address.id}`, request.method)
}

/** Requests without a digest are told apart by their ids alone. */
export function sameDigest(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return true
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}
