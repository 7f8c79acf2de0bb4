import type { NewMessage, StoredMessage } from '@cruster/core/ports'
import type { Request } from '../connection/endpoint.ts'

/** The message that a request stands for, as its sender stored it or would have. */
export function messageOf(request: Request, sequence: number, now: number): StoredMessage {
  const { id, address, method, payload, digest, trace, deliverAt, oneWay, retainMs } = request
  const headers = storedHeaders(request)
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
  const { id, address, method, payload, digest, trace, oneWay, retainMs } = message
  const { [originHeader]: origin } = message.headers
  const headers = givenHeaders(message.headers)
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
    origin: origin === 'client' || origin === 'entity' ? origin : 'self',
    chain: [],
  }
}

/** Under which a message keeps who sent it: its owner decides at the delivery whether the method may be called by such. */
const originHeader = 'cruster-origin'

const none: Request['headers'] = Object.freeze({})
const origins: Readonly<Record<string, Request['headers']>> = Object.freeze({
  client: Object.freeze({ [originHeader]: 'client' }),
  entity: Object.freeze({ [originHeader]: 'entity' }),
})

/** The headers of a request as they are stored. Most have none, and share theirs. */
export function storedHeaders({ headers, origin }: Pick<Request, 'headers' | 'origin'>): Request['headers'] {
  if (origin === 'self') return headers
  for (const _ in headers) return { ...headers, [originHeader]: origin }
  return origins[origin] ?? headers
}

/** The headers that the sender gave. */
function givenHeaders(stored: Request['headers']): Request['headers'] {
  for (const name in stored) {
    if (name === originHeader) continue
    const { [originHeader]: _, ...headers } = stored
    return headers
  }
  return none
}
