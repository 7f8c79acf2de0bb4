import type { Due, PortCallOptions, RequestId, ScheduledMessage, SendOptions } from '@cruster/core'
import { ConfigError, CallCycle, DeadlineExceeded, activity, decode, validate } from '@cruster/core'
import type { NewMessage, Storage, UnitResult } from '@cruster/core/ports'
import { isTaken } from '../delivery/is-taken.ts'
import type { CallScope } from '../entity/entity-host.ts'
import { laneKey, storedKey } from '../entity/lane-key.ts'
import { refusalOf } from '../entity/recorded-outcome.ts'
import type { CallerServices } from '../routing/routed-call.ts'
import { RoutedCall } from '../routing/routed-call.ts'
import { RoutedStream } from '../routing/routed-stream.ts'
import { control } from '../shard/control.ts'
import type { Settling } from '../time/within.ts'
import { settleWithin } from '../time/within.ts'
import { answerOf, failureOf } from './answer.ts'
import type { ClientPort, Target } from './client-port.ts'
import type { Ask, Prepared, RequestMaker } from './prepared-request.ts'
import { dueAt, isRecorded, prepareRequest, storedForm, timeLimitMs } from './prepared-request.ts'

interface Settle<Value = unknown> {
  readonly resolve: (value: Value) => void
  readonly reject: (error: unknown) => void
}

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

  call(target: Target, input: unknown, options: PortCallOptions): Promise<unknown> {
    const ask = { target, input, options, scope: this.#scope }
    if (target.method.persisted || !this.#services.ids.areAvailable) return this.#callLater(ask)
    return new Promise((resolve, reject) => {
      this.#callNow(ask, { resolve, reject })
    })
  }

  /** The usual call: one promise from its beginning to its end. */
  #callNow(ask: Ask, { resolve, reject }: Settle): void {
    const { contract, name } = ask.target
    const { request, timeoutMs, repeatable } = prepareRequest(this.#services, ask)
    const span = this.#services.tracer.start(`${contract.name}.${name}`, { kind: 'client' })
    const traced = span.context === undefined ? request : { ...request, trace: span.context }
    const fail = (error: unknown): void => {
      span.end(error)
      reject(error)
    }
    const answer = (exit: Uint8Array): void => {
      try {
        resolve(answerOf(contract, exit))
        span.end()
      } catch (error) {
        fail(error)
      }
    }
    const limits = { timeoutMs, signal: ask.options.signal, repeatable }
    RoutedCall.begin(this.#services, { request: traced, limits }, { resolve: answer, reject: fail })
  }

  /** A call before which something must happen: it is stored, or this process has no place in the cluster yet. */
  async #callLater(ask: Ask): Promise<unknown> {
    const { target, input, options } = ask
    const prepared = await this.#prepareLater(ask)
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

  stream(target: Target, input: unknown, options: PortCallOptions): AsyncIterable<unknown> {
    if (!this.#services.ids.areAvailable) return this.#streamLater({ target, input, options, scope: this.#scope })
    const { request } = prepareRequest(this.#services, { target, input, options, scope: this.#scope })
    return new RoutedStream(this.#services, {
      request,
      signal: options.signal,
      decode,
      failure: (exit) => failureOf(target.contract, exit),
    })
  }

  send(target: Target, input: unknown, options: SendOptions & { readonly due?: Due }): Promise<ScheduledMessage> {
    const ask = { target, input, options, scope: this.#scope, oneWay: true }
    const { storage, ids } = this.#services
    const isPlain = options.transaction === undefined && target.method.input === undefined && isRecorded(target.method)
    if (!isPlain || !ids.areAvailable || storage === undefined || this.#scope.outbox !== undefined)
      return this.#sendLater(ask, options)
    return new Promise((resolve, reject) => {
      this.#sendNow(storage, { ask, due: options.due }, { resolve, reject })
    })
  }

  /** The usual message, which is stored at once: one promise beside that of storage. */
  #sendNow(
    storage: Storage,
    { ask, due }: { readonly ask: Ask; readonly due: Due | undefined },
    { resolve, reject }: Settle<ScheduledMessage>,
  ): void {
    const { target } = ask
    const prepared = prepareRequest(this.#services, ask)
    const message = storedForm(prepared, dueAt(due, this.#services.clock.now()), this.#services.config)
    const stored = (): void => {
      resolve(this.#handleOf(target, message.id))
    }
    this.#storeIn(storage, { target, prepared, message }, { resolve: stored, reject })
  }

  /** A message before which something must happen, or that somebody else stores. */
  async #sendLater(ask: Ask, options: SendOptions & { readonly due?: Due }): Promise<ScheduledMessage> {
    const { target, input } = ask
    const prepared = await this.#prepareLater(ask)
    const handle = this.#handleOf(target, prepared.request.id)
    if (!prepared.repeatable && options.due === undefined && options.transaction === undefined) {
      await this.#handOverVolatile(target, prepared)
      return handle
    }
    if (target.method.input !== undefined) await checkInput(target, input)
    const message = storedForm(prepared, dueAt(options.due, this.#services.clock.now()), this.#services.config)
    if (options.transaction !== undefined) await this.#enqueue(prepared, message, options.transaction)
    else if (this.#scope.outbox === undefined) await this.#store(target, prepared, message)
    else this.#scope.outbox.add(message)
    return handle
  }

  #handleOf(target: Target, id: RequestId): ScheduledMessage {
    return { id, cancel: () => this.cancel(target, id) }
  }

  async cancel({ contract, id }: Pick<Target, 'contract' | 'id'>, message: RequestId): Promise<boolean> {
    const target: Target = { contract, id, name: control.cancel, method: controlMethod }
    const { request, timeoutMs } = await this.#prepareLater({ target, input: message, options: {}, scope: this.#scope })
    if (this.#scope.outbox !== undefined && request.origin === 'self') {
      this.#scope.outbox.cancel(message)
      return true
    }
    const exit = await RoutedCall.run(this.#services, request, { timeoutMs, repeatable: true })
    return answerOf(contract, exit) === true
  }

  /** Prepares a request as soon as this process has a place in the cluster, under which it can name it. */
  async #prepareLater(ask: Ask): Promise<Prepared> {
    const { ids, clock, config } = this.#services
    if (ids.areAvailable) return prepareRequest(this.#services, ask)
    const begunAt = clock.monotonic()
    const limitMs = timeLimitMs(ask.target, ask.options, config)
    await ids.available(limitMs, ask.options.signal)
    const timeout = Math.max(0, limitMs - (clock.monotonic() - begunAt))
    if (!ids.areAvailable) throw tooLate(ask.target, limitMs, 'not-started')
    return prepareRequest(this.#services, { ...ask, options: { ...ask.options, timeout } })
  }

  async *#streamLater(ask: Ask): AsyncIterable<unknown> {
    const { ids, config } = this.#services
    const limitMs = timeLimitMs(ask.target, ask.options, config)
    await ids.available(limitMs, ask.options.signal)
    if (!ids.areAvailable) throw tooLate(ask.target, limitMs, 'not-started')
    yield* this.stream(ask.target, ask.input, ask.options)
  }

  /** Stores the request, then asks its owner for the outcome. */
  async #callStored(
    target: Target,
    input: unknown,
    prepared: Prepared & { readonly signal: Ask['options']['signal'] },
  ): Promise<Uint8Array> {
    const { request, timeoutMs, signal } = prepared
    const limits = { timeoutMs, signal, repeatable: true }
    checkCycle(target, request)
    await checkInput(target, input)
    const { storage } = this.#services
    const message = storedForm(prepared, undefined, this.#services.config)
    if (storage === undefined) return RoutedCall.run(this.#services, { ...request, retainMs: message.retainMs }, limits)
    const begunAt = this.#services.clock.monotonic()
    const result = await new Promise<UnitResult | undefined>((resolve, reject) => {
      this.#save(storage, { target, message, timeoutMs }, { resolve, reject })
    })
    limits.timeoutMs = Math.max(0, timeoutMs - (this.#services.clock.monotonic() - begunAt))
    if (result?.kind === 'applied') {
      return RoutedCall.run(this.#services, { ...request, sequence: result.sequences[0] }, limits)
    }
    await this.#checkTaken(storage, request, result)
    if (result?.kind === 'duplicate' && result.exit !== undefined) return result.exit
    return RoutedCall.run(this.#services, request, limits)
  }

  /** Rejects with DeadlineExceeded when storage does not answer in time: it may still store the message. */
  #save(
    storage: Storage,
    {
      target,
      message,
      timeoutMs,
    }: { readonly target: Target; readonly message: NewMessage; readonly timeoutMs: number },
    { resolve, reject }: Settle<UnitResult | undefined>,
  ): void {
    const work = storage.commit([{ operations: [{ kind: 'saveMessage', message }] }])
    const settling: Settling<readonly UnitResult[]> = {
      done: ([result]) => {
        resolve(result)
      },
      late: () => {
        reject(tooLate(target, timeoutMs, 'unknown'))
      },
      failed: reject,
    }
    settleWithin(this.#services.clock, { work, limitMs: timeoutMs }, settling)
  }

  async #store(target: Target, prepared: Prepared, message: NewMessage): Promise<void> {
    const { storage } = this.#services
    if (storage === undefined) {
      const request = { ...prepared.request, deliverAt: message.deliverAt, retainMs: message.retainMs }
      await this.#accepted(target, prepared, request)
      return
    }
    await new Promise<void>((resolve, reject) => {
      this.#storeIn(storage, { target, prepared, message }, { resolve, reject })
    })
  }

  /** Stores a one-way message, and tells its owner. */
  #storeIn(
    storage: Storage,
    {
      target,
      prepared,
      message,
    }: { readonly target: Target; readonly prepared: Prepared; readonly message: NewMessage },
    { resolve, reject }: Settle<void>,
  ): void {
    const saved = (result: UnitResult | undefined): void => {
      if (result?.kind === 'applied') {
        this.#services.handOver([{ message, sequence: result.sequences[0] ?? 0 }])
        resolve()
      } else {
        this.#checkTaken(storage, prepared.request, result).then(resolve, reject)
      }
    }
    this.#save(storage, { target, message, timeoutMs: prepared.timeoutMs }, { resolve: saved, reject })
  }

  /** Stores a message in a transaction of the user's. Owners hear of it when that is committed. */
  async #enqueue(
    { request }: Prepared,
    message: NewMessage,
    transaction: NonNullable<SendOptions['transaction']>,
  ): Promise<void> {
    const { storage } = this.#services
    if (storage?.enqueue === undefined) {
      throw new ConfigError(
        storage === undefined
          ? 'A client without storage cannot store a message in your transaction. Send it from a runner.'
          : `${storage.name} has no transactions of your own. Send it in an activity: it commits with the activity.`,
      )
    }
    const result = await storage.enqueue(transaction, [{ kind: 'saveMessage', message }])
    if (result.kind === 'duplicate') await this.#checkTaken(storage, request, result)
  }

  async #handOverVolatile(target: Target, prepared: Prepared): Promise<void> {
    await this.#accepted(target, prepared, prepared.request)
  }

  async #accepted(target: Target, prepared: Prepared, request: Prepared['request']): Promise<void> {
    const limits = { timeoutMs: prepared.timeoutMs, repeatable: prepared.repeatable }
    answerOf(target.contract, await RoutedCall.run(this.#services, request, limits))
  }

  /** @throws IdempotencyConflict or Interrupted when the id is another request's. */
  async #checkTaken(storage: Storage, request: Prepared['request'], result: UnitResult | undefined): Promise<void> {
    if (await isTaken(storage, request, result)) throw refusalOf(request)
  }
}

function tooLate(
  { contract, id, name }: Target,
  timeoutMs: number,
  outcome: 'not-started' | 'unknown',
): DeadlineExceeded {
  return new DeadlineExceeded(`${contract.name}/${id} ${name}`, timeoutMs, { outcome })
}

/**
 * Stored messages of an entity run in their order, one at a time. A call that waits in that line for whoever is in front
 * of it waits for ever: for another stored message, or for an activity that such a message may be waiting for.
 */
function checkCycle({ contract }: Target, { address, chain }: Prepared['request']): void {
  if ((contract.settings.concurrency ?? 1) > 1) return
  const stored = storedKey(address)
  if (chain.includes(stored) || chain.includes(laneKey(address, 'activity'))) throw new CallCycle([...chain, stored])
}

async function checkInput(target: Target, input: unknown): Promise<void> {
  await validate(target.method.input, input, `the input of ${target.contract.name}.${target.name}`)
}
