import type { CrusterError, EntityAddress, RequestId } from '@cruster/core'
import { IdempotencyConflict, Interrupted, encodeError, encodeExit, entityKey, requestDigest } from '@cruster/core'
import type { Request } from '../connection/endpoint.ts'
import { isOutage } from './failure.ts'
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
  return { kind: 'redeliver', error, isOutage: isOutage(error) }
}

/** An outcome that is recorded for a request. */
export interface Recorded {
  readonly address?: EntityAddress
  readonly digest?: Uint8Array | undefined
  readonly exit: Uint8Array
}

type Asked = Pick<Request, 'id' | 'address' | 'method' | 'digest'>

/**
 * What a repetition of a request gets: the recorded exit; or a refusal, when that is another request's.
 */
export function repeatedExit(request: Asked, recorded: Recorded): Uint8Array {
  return isOther(request, recorded) ? failureExit(refusalOf(request)) : recorded.exit
}

/** Why a request is refused whose id another request has. */
export function refusalOf({ id, address, method, digest }: Asked): CrusterError {
  const entity = `${address.type}/${address.id}`
  if (digest !== undefined) return new IdempotencyConflict(entity, method)
  const cause = `another request has its id ${id}: the clock of a machine must have gone back. Call again, under a new id`
  return new Interrupted(`${entity} ${method}`, { outcome: 'not-started', cause })
}

/** With what a reply is recorded, so that it is given to no other request. */
export function replyDigest({ digest, method }: Asked): Uint8Array {
  return digest ?? markOf(method)
}

/** Whether two requests with one id are one: the second a repetition of the first. */
export function isSameRequest(one: Asked, other: Asked): boolean {
  return !isOther(one, { address: other.address, digest: replyDigest(other), exit: nothing })
}

/** Whether an outcome is another request's, which has the same id. Ids made of keys tell requests apart by themselves, and digests their inputs; ids made of the time do not quite. */
export function isOther({ address, method, digest }: Asked, recorded: Recorded): boolean {
  if (digest !== undefined) return !sameDigest(digest, recorded.digest)
  const isElsewhere = recorded.address !== undefined && entityKey(recorded.address) !== entityKey(address)
  const isMarked = recorded.digest?.length === markLength
  return isElsewhere || (isMarked && !sameDigest(recorded.digest, markOf(method)))
}

/** What is not known says nothing. */
export function sameDigest(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return true
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

const nothing = new Uint8Array()
/** Shorter than digests of inputs, so that one is not taken for the other. */
const markLength = 8
const marks = new Map<string, Uint8Array>()

/** Stands for a method, where there is no digest. */
function markOf(method: string): Uint8Array {
  const known = marks.get(method) ?? requestDigest(method, nothing).slice(0, markLength)
  marks.set(method, known)
  return known
}
