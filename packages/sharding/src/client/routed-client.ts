import type { CallOptions, Due, RequestId, ScheduledMessage, SendOptions } from '@cruster/core'
import { ConfigError, IdempotencyConflict, activity, decode, parseDuration, validate } from '@cruster/core'
import type { NewMessage, Storage, UnitResult } from '@cruster/core/ports'
import type { CallScope } from '../entity/entity-host.ts'
import { sameDigest } from '../entity/recorded-outcome.ts'
import type { CallerServices } from '../routing/routed-call.ts'
import { RoutedCall } from '../routing/routed-call.ts'
import { RoutedStream } from '../routing/routed-stream.ts'
import { control } from '../shard/control.ts'
import { answerOf, failureOf } from './answer.ts'
import type { ClientPort, Target } from './client-port.ts'
import type { Prepared, RequestMaker } from './prepared-request.ts'
import { prepareRequest, storedForm } from './prepared-request.ts'

export interface ClientServices extends RequestMaker, CallerServices {
  /** Undefined in a process that has none: owners store then. */
  readonly storage: Storage | undefined
  readonly handOver: (messages: readonly { readonly message: NewMessage; readonly sequence: number }[]) => void
}

/** Control requests travel like calls that can be repeated. */
const controlMethod = activity()

/** Makes the calls of one scope: encodes, stores what must be stored first, routes, decodes. */
export class RoutedClient implements ClientPort {
  readonly #services: ClientServices
  readonly #scope: CallScope

  constructor(services: ClientServices, scope: CallScope) {
    this.#services = services
    this.#scope = scope
  }

  async call(target: Target, input: unknown, options: CallOptions): Promise<unknown> {
    const prepared = prepareRequest(this.#services, { target, input, options, scope: this.#scope })
    const limits = { timeoutMs: prepared.timeoutMs, signal: options.signal, repeatable: prepared.repeatable }
    const span = this.#services.tracer.start(`${target.contract.name}.${target.name}`, { kind: 'client' })
    try {
      const exit = target.method.persisted
        ? await this.#callStored(target, input, { ...prepared, ...limits })
        : await RoutedCall.run(this.#services, { ...prepared.request, trace: span.context }, limits)
      span.end()
      return answerOf(target.contract, exit)
    } catch (error) {
      span.end(error)
      throw error
    }
  }

  stream(target: Target, input: unknown, options: CallOptions): AsyncIterable<unknown> {
    const { request } = prepareRequest(this.#services, { target, input, options, scope: this.#scope })
    return new RoutedStream(this.#services, {
      request,
      signal: options.signal,
      decode,
      failure: (exit) => failureOf(target.contract, exit),
    })
  }

  async send(target: Target, input: unknown, options: SendOptions & { readonly due?: Due }): Promise<ScheduledMessage> {
    const ask = { target, input, options: { ...options }, scope: this.#scope }
    const prepared = oneWay(prepareRequest(this.#services, ask))
    const { id } = prepared.request
    const handle = { id, cancel: () => this.cancel(target, id) }
    if (!prepared.repeatable && options.due === undefined) {
      await this.#handOverVolatile(target, prepared)
      return handle
    }
    await checkInput(target, input)
    const message = storedForm(prepared, dueAt(options.due, this.#services.clock.now()), this.#services.config)
    if (this.#scope.outbox === undefined) await this.#store(target, prepared, message)
    else this.#scope.outbox.add(message)
    return handle
  }

  async cancel({ contract, id }: Pick<Target, 'contract' | 'id'>, message: RequestId): Promise<boolean> {
    const target: Target = { contract, id, name: control.cancel, method: controlMethod }
    const { request, timeoutMs } = prepareRequest(this.#services, {
      target,
      input: message,
      options: {},
      scope: this.#scope,
    })
    if (this.#scope.outbox !== undefined && request.origin === 'self') {
      this.#scope.outbox.cancel(message)
      return true
    }
    const exit = await RoutedCall.run(this.#services, request, { timeoutMs, repeatable: true })
    return answerOf(contract, exit) === true
  }

  /** Stores the request, then asks its owner for the outcome. */
  async #callStored(
    target: Target,
    input: unknown,
    prepared: Prepared & { readonly signal: AbortSignal | undefined },
  ): Promise<Uint8Array> {
    const { request, timeoutMs, signal } = prepared
    const limits = { timeoutMs, signal, repeatable: true }
    await checkInput(target, input)
    const { storage } = this.#services
    const message = storedForm(prepared, undefined, this.#services.config)
    if (storage === undefined) return RoutedCall.run(this.#services, { ...request, retainMs: message.retainMs }, limits)
    const [result] = await storage.commit([{ operations: [{ kind: 'saveMessage', message }] }])
    if (result?.kind === 'applied') {
      return RoutedCall.run(this.#services, { ...request, sequence: result.sequences[0] }, limits)
    }
    this.#checkDuplicate(target, request.digest, result)
    if (result?.kind === 'duplicate' && result.exit !== undefined) return result.exit
    return RoutedCall.run(this.#services, request, limits)
  }

  async #store(target: Target, prepared: Prepared, message: NewMessage): Promise<void> {
    const { storage, handOver } = this.#services
    if (storage === undefined) {
      const request = { ...prepared.request, deliverAt: message.deliverAt, retainMs: message.retainMs }
      await this.#accepted(target, prepared, request)
      return
    }
    const [result] = await storage.commit([{ operations: [{ kind: 'saveMessage', message }] }])
    if (result?.kind === 'applied') handOver([{ message, sequence: result.sequences[0] ?? 0 }])
    else this.#checkDuplicate(target, prepared.request.digest, result)
  }

  async #handOverVolatile(target: Target, prepared: Prepared): Promise<void> {
    await this.#accepted(target, prepared, prepared.request)
  }

  async #accepted(target: Target, prepared: Prepared, request: Prepared['request']): Promise<void> {
    const limits = { timeoutMs: prepared.timeoutMs, repeatable: prepared.repeatable }
    answerOf(target.contract, await RoutedCall.run(this.#services, request, limits))
  }

  #checkDuplicate(target: Target, digest: Uint8Array | undefined, result: UnitResult | undefined): void {
    if (result?.kind === 'duplicate' && !sameDigest(digest, result.digest)) {
      throw new IdempotencyConflict(`${target.contract.name}/${target.id}`, target.name)
    }
  }
}

async function checkInput(target: Target, input: unknown): Promise<void> {
  await validate(target.method.input, input, `the input of ${target.contract.name}.${target.name}`)
}

function oneWay(prepared: Prepared): Prepared {
  return { ...prepared, request: { ...prepared.request, oneWay: true, chain: [] } }
}

function dueAt(due: Due | undefined, now: number): number | undefined {
  if (due === undefined) return undefined
  if ('after' in due) return now + parseDuration(due.after, 'after')
  const at = Number(due.at)
  if (!Number.isFinite(at)) throw new ConfigError('`at` must be a Date or milliseconds since 1970.')
  return at
}
