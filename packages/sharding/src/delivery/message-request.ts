import type { NewMessage, StoredMessage } from '@cruster/core/ports'
import type { Request } from '../connection/endpoint.ts'

/** The message that a request stands for, as its sender stored it or would have. */
export function messageOf(request: Request, sequence: number, now: number): StoredMessage {
  const { id, address, method, payload, digest, headers, trace, deliverAt, oneWay, retainMs } = request
  const dueInMs = deliverAt === undefined ? 0 : Math.max(0, deliverAt - now)
  return {
    id,
    address,
    method,
    payload,
    digest,
    headers,
    trace,
    deliverAt,
    oneWay,
    retainMs,
    sequence,
    attempts: 0,
    dueInMs,
    storedAt: now,
  }
}

/** The request of one delivery of a stored message. */
export function requestOf(message: NewMessage, delivery: number): Request {
  const { id, address, method, payload, digest, headers, trace, oneWay, retainMs } = message
  return {
    id,
    address,
    method,
    payload,
    digest,
    headers,
    trace,
    oneWay,
    retainMs,
    timeoutMs: Number.MAX_SAFE_INTEGER,
    attempt: delivery,
    // Visibility was checked when the message was stored.
    origin: 'self',
    chain: [],
  }
}
