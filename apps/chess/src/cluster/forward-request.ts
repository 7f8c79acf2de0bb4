import { request as send } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { ApiError, errorBody } from '../http/api-error.ts'
import type { Backend, Backends } from './backends.ts'

/** Bodies are kept until they are answered, to send them again. No request of this application is near that size. */
const largestBody = 64 * 1024

/** How long a process may take to answer; it waits for a new owner of an entity for that long too. */
const answerMs = 35_000

/** Pause before all are asked again when none answered. */
const pauseMs = 250
/** How long to look for a process that serves a request. */
const patienceMs = 10_000

/** What became of an attempt. */
type Attempt =
  | { readonly kind: 'answered'; readonly answer: IncomingMessage }
  /** It was not begun: another process may serve it. */
  | { readonly kind: 'refused' }
  /** It may have been done. */
  | { readonly kind: 'unknown' }

/**
 * Serves a request by the first process that takes it. One that dies in the middle costs nothing when the request may be
 * repeated: reading, and whatever has an idempotency key.
 */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  backends: Backends,
): Promise<void> {
  const body = await read(request)
  if (body === undefined) return fail(response, new ApiError(413, 'INVALID_INPUT', 'The body is too large.'))
  const outcome = await firstAnswer(request, body, backends)
  if (outcome.kind !== 'answered') {
    const what = outcome.kind === 'refused' ? 'No server is ready.' : 'The server died, and may have done it or not.'
    return fail(response, new ApiError(503, 'UNAVAILABLE', what))
  }
  const { answer } = outcome
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer))
  answer.on('error', () => response.destroy())
  answer.pipe(response)
}

async function firstAnswer(request: IncomingMessage, body: Buffer, backends: Backends): Promise<Attempt> {
  const giveUpAt = performance.now() + patienceMs
  let attempt: Attempt = { kind: 'refused' }
  do {
    for (const backend of backends.inTurn()) {
      attempt = await attemptAt(backend, request, body)
      if (attempt.kind === 'answered') return attempt
      backends.suspect(backend)
      if (attempt.kind === 'unknown' && !mayRepeat(request)) return attempt
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  } while (performance.now() < giveUpAt)
  return attempt
}

function mayRepeat({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD' || headers['idempotency-key'] !== undefined
}

function attemptAt({ url }: Backend, request: IncomingMessage, body: Buffer): Promise<Attempt> {
  return new Promise((resolve) => {
    const headers: OutgoingHttpHeaders = { ...request.headers, connection: 'close', 'content-length': body.length }
    delete headers['transfer-encoding']
    const attempt = send(`${url}${request.url ?? '/'}`, { method: request.method ?? 'GET', headers, agent: false })
    let isConnected = false
    attempt.on('socket', (socket) => socket.once('connect', () => (isConnected = true)))
    attempt.setTimeout(answerMs, () => attempt.destroy())
    attempt.on('error', () => resolve({ kind: isConnected ? 'unknown' : 'refused' }))
    attempt.on('response', (answer) => {
      resolve(isNotReady(answer) ? { kind: 'refused' } : { kind: 'answered', answer })
      if (isNotReady(answer)) answer.resume()
    })
    attempt.end(body)
  })
}

/** What is about the message, not about the connection that it came on. */
function endToEnd({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...rest } = headers
  return rest
}

/** A process that starts or stops says so, and that it has done nothing. */
function isNotReady(answer: IncomingMessage): boolean {
  return answer.statusCode === 503 && answer.headers['retry-after'] !== undefined
}

async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    parts.push(part)
    size += part.length
    if (size > largestBody) return undefined
  }
  return Buffer.concat(parts)
}

function fail(response: ServerResponse, { answer }: ApiError): void {
  response.writeHead(answer.status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(errorBody(answer)))
}
