import type { AnyMethod, Due, EntityAddress, PortCallOptions, SendOptions } from '@cruster/core'
import {
  ConfigError,
  PayloadTooLarge,
  canonicalOf,
  encode,
  keyedRequestId,
  parseDuration,
  requestDigest,
} from '@cruster/core'
import type { Clock, NewMessage, Tracer } from '@cruster/core/ports'
import type { Request } from '../connection/endpoint.ts'
import { storedHeaders } from '../delivery/message-request.ts'
import type { CallScope } from '../entity/entity-host.ts'
import type { MessageOptions } from '../extension/native-entity.ts'
import { undraft } from '../entity/undraft.ts'
import type { PlacementSettings } from '../placement/shard-of.ts'
import { addressOf } from '../placement/shard-of.ts'
import type { RunnerConfig } from '../runner/runner-config.ts'
import type { Target } from './client-port.ts'
import type { RequestIds } from './request-ids.ts'

/** What every request of a process is made with. */
export interface RequestMaker {
  readonly ids: RequestIds
  readonly clock: Clock
  readonly config: RunnerConfig
  readonly placement: PlacementSettings
  readonly tracer: Tracer
}

export interface Prepared {
  readonly request: Request
  readonly timeoutMs: number
  readonly repeatable: boolean
}

export interface Ask {
  readonly target: Target
  readonly input: unknown
  readonly options: PortCallOptions
  readonly scope: CallScope
  /** Nobody waits for the outcome. */
  readonly oneWay?: boolean
}

const nobody: readonly string[] = Object.freeze([])

/**
 * Turns a call into a request.
 *
 * @throws ConfigError, CodecError, PayloadTooLarge: nothing was sent then.
 */
export function prepareRequest(maker: RequestMaker, { target, input, options, scope, oneWay = false }: Ask): Prepared {
  const { config } = maker
  const address = addressOf(target.contract, target.id, maker.placement)
  const plain = undraft(input)
  const payload = encodeInput(target, plain, config.maxPayloadBytes)
  const timeoutMs = timeLimitMs(target, options, config)
  const key = options.idempotencyKey
  const digest = key === undefined ? undefined : keyedDigest(target, plain, payload)
  const request: Request = {
    id: key === undefined ? maker.ids.next() : keyedRequestId(address, target.name, key),
    digest,
    address,
    method: target.name,
    payload,
    headers: headersOf(options),
    timeoutMs,
    attempt: 1,
    origin: isSelf(scope, address) ? 'self' : scope.origin,
    chain: oneWay ? nobody : scope.chain,
    retainMs:
      key !== undefined ? keyedRetention(target.method, config) : Math.max(config.replyRetentionMs, 2 * timeoutMs),
    oneWay,
  }
  return { request, timeoutMs, repeatable: isRecorded(target.method) }
}

/** How long a call may last. */
export function timeLimitMs({ method }: Target, { timeout }: PortCallOptions, config: RunnerConfig): number {
  return timeout === undefined ? (method.timeoutMs ?? config.callTimeoutMs) : parseDuration(timeout, 'timeout')
}

/** Whether the outcome of a method's calls is recorded under their ids. */
export function isRecorded(method: AnyMethod): boolean {
  return method.kind === 'activity' || method.persisted
}

/** The message that stores a request. */
export function storedForm(prepared: Prepared, deliverAt: number | undefined, config: RunnerConfig): NewMessage {
  const { id, address, method, payload, digest, trace, oneWay, retainMs } = prepared.request
  const headers = storedHeaders(prepared.request)
  const kept = digest === undefined ? Math.max(retainMs, config.idempotencyRetentionMs) : retainMs
  return { id, address, method, payload, digest, headers, trace, deliverAt, oneWay, retainMs: kept }
}

/** What a message is made of, for somebody who stores it. */
export interface MessageAsk {
  readonly target: Target
  readonly input: unknown
  readonly options: MessageOptions
  /** Who sends it, when it is an entity: it may call its own private methods. */
  readonly caller?: EntityAddress
}

/**
 * The one-way message of an extension that stores it itself.
 *
 * @throws ConfigError, CodecError, PayloadTooLarge, and RunnerUnavailable while no id can be made.
 */
export function messageFor(maker: RequestMaker, { target, input, options, caller }: MessageAsk): NewMessage {
  const { id, due, ...rest } = options
  const scope: CallScope = { origin: 'entity', chain: [], ...(caller === undefined ? {} : { caller }) }
  const prepared = prepareRequest(maker, { target, input, options: rest, scope })
  const message = storedForm(prepared, dueAt(due, maker.clock.now()), maker.config)
  return { ...message, oneWay: true, id: id ?? message.id }
}

/** When a message becomes due, in milliseconds since 1970. */
export function dueAt(due: Due | undefined, now: number): number | undefined {
  if (due === undefined) return undefined
  if ('after' in due) return now + parseDuration(due.after, 'after')
  const at = Number(due.at)
  if (!Number.isFinite(at)) throw new ConfigError('`at` must be a Date or milliseconds since 1970.')
  return at
}

function encodeInput(target: Target, input: unknown, limit: number): Uint8Array {
  const payload = encode(input, () => `the input of ${target.contract.name}.${target.name}`)
  if (payload.length > limit) throw new PayloadTooLarge(payload.length, limit)
  return payload
}

/** Tells requests with one key apart. @throws ConfigError where a key would do nothing. */
function keyedDigest(target: Target, input: unknown, payload: Uint8Array): Uint8Array {
  if (!isRecorded(target.method)) {
    throw new ConfigError(
      `An idempotency key of ${target.contract.name}.${target.name} would do nothing: the outcome of a volatile ${target.method.kind} is not recorded. ` +
        'Declare it as an activity or with { persisted: true }, or leave the key out.',
    )
  }
  // Two callers may build equal inputs with their keys in another order.
  return requestDigest(target.name, canonicalOf(input, payload))
}

function keyedRetention(method: AnyMethod, config: RunnerConfig): number {
  return method.retainMs ?? config.idempotencyRetentionMs
}

const noHeaders: Readonly<Record<string, string>> = Object.freeze({})

function headersOf({ headers }: SendOptions): Readonly<Record<string, string>> {
  if (headers === undefined) return noHeaders
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('cruster-'))
      throw new ConfigError(`The header "${name}" is taken: names starting with "cruster-" are the runtime's.`)
    if (typeof value !== 'string')
      throw new ConfigError(`The header "${name}" must be a string; it is ${typeof value}.`)
  }
  return headers
}

function isSelf({ caller }: CallScope, address: EntityAddress): boolean {
  return caller !== undefined && caller.type === address.type && caller.id === address.id
}
