import type { AnyEntity, CallOptions, EntityClient, EntityMethods, Methods, ScheduledMessage } from '@cruster/core'
import { isCrusterError, parseDuration } from '@cruster/core'
import type { SimulationTrace } from '../simulation/simulation-trace.ts'
import type { Operation, OperationKind, OperationOutcome } from './operation.ts'
import { CallerDied } from './caller-died.ts'
import { describeOperation, describeOutcome, entityOf } from './operation.ts'

/** Who calls, and how long its calls may last where nothing else is said. */
export interface Caller {
  readonly name: string
  readonly timeoutMs: number
  /** How many processes of this name have ended before. */
  readonly life: number
}

type Use = Pick<Operation, 'kind' | 'type' | 'id' | 'method' | 'input'> & { readonly options: CallOptions }
type AnyClient = EntityClient<Methods>
type Handle = Readonly<Record<string, (input?: unknown, options?: object) => unknown>>

const open: OperationOutcome = { kind: 'unknown', error: 'it has not ended' }

/** Writes down what callers do with entities and what they see of it. */
export class Recorder {
  readonly operations: Operation[] = []
  readonly #open = new Map<Operation, (reason: Error) => void>()
  readonly #paused = new Set<string>()
  readonly #deaths = new Map<string, number>()
  readonly #trace: SimulationTrace

  constructor(trace: SimulationTrace) {
    this.#trace = trace
  }

  /** A client that does what the given one does, and is watched. */
  watch<C extends AnyEntity>(
    contract: C,
    client: EntityClient<EntityMethods<C>>,
    process: Omit<Caller, 'life'>,
  ): EntityClient<EntityMethods<C>> {
    const caller: Caller = { ...process, life: this.#deathsOf(process.name) }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only the names of methods count here, and they are the same
    const plain = client as unknown as AnyClient
    const watchedHandle = (kind: OperationKind, id: string, handle: object): object =>
      this.#handle({ contract, caller, kind, id }, handle)
    const watched: AnyClient = {
      ...plain,
      get: (id) => watchedHandle('call', id, plain.get(id)),
      notify: (id) => watchedHandle('notify', id, plain.notify(id)),
      schedule: (id, due) => watchedHandle('schedule', id, plain.schedule(id, due)),
      cancel: (id, message) =>
        this.#record(caller, this.#use({ contract, kind: 'cancel', id, method: 'cancel' }, [message]), () =>
          plain.cancel(id, message),
        ),
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    return watched as unknown as EntityClient<EntityMethods<C>>
  }

  /** A process has ended: its calls end with it, and nobody knows how. */
  callerDied(name: string): void {
    this.#deaths.set(name, this.#deathsOf(name) + 1)
    for (const [operation, abandon] of this.#open) if (operation.caller === name) abandon(new CallerDied(name))
  }

  /** A process is held, and its calls with it. */
  callerPaused(name: string): void {
    this.#paused.add(name)
    for (const operation of this.#open.keys()) if (operation.caller === name) operation.deadline = undefined
  }

  /** It goes on. */
  callerResumed(name: string): void {
    this.#paused.delete(name)
  }

  #deathsOf(name: string): number {
    return this.#deaths.get(name) ?? 0
  }

  #handle(scope: { contract: AnyEntity; caller: Caller; kind: OperationKind; id: string }, handle: object): object {
    const { contract, caller, kind, id } = scope
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a handle has the methods of its contract
    const methods = handle as Handle
    const all = methodsOf(contract)
    return Object.fromEntries(
      Object.keys(all).map((method) => [
        method,
        (...args: [input?: unknown, options?: CallOptions]) => {
          const isStream = all[method]?.kind === 'stream'
          const use = this.#use({ contract, kind: isStream ? 'stream' : kind, id, method }, args)
          const run = (): unknown => methods[method]?.(...args)
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract says so of streams
          if (isStream) return this.#recordStream(caller, use, run() as AsyncIterable<unknown>)
          return this.#record(caller, use, async () => run())
        },
      ]),
    )
  }

  #use(
    target: { contract: AnyEntity; kind: OperationKind; id: string; method: string },
    [input, options = {}]: readonly [input?: unknown, options?: CallOptions],
  ): Use {
    return { kind: target.kind, type: target.contract.name, id: target.id, method: target.method, input, options }
  }

  #begin({ name, timeoutMs, life }: Caller, { options, ...use }: Use): Operation {
    if (life !== this.#deathsOf(name)) throw new CallerDied(name)
    const startedAt = this.#trace.nowMs
    const lastsMs = options.timeout === undefined ? timeoutMs : parseDuration(options.timeout, 'timeout')
    const operation: Operation = {
      ...use,
      index: this.operations.length,
      caller: name,
      key: options.idempotencyKey,
      startedAt,
      deadline: use.kind === 'stream' || this.#paused.has(name) ? undefined : startedAt + lastsMs,
      endedAt: undefined,
      outcome: open,
      values: [],
    }
    this.operations.push(operation)
    this.#trace.add(`#${operation.index} ${describeOperation(operation)}`, entityOf(operation))
    return operation
  }

  #end({ index }: Operation, outcome: OperationOutcome): void {
    const operation = this.operations[index]
    if (operation === undefined) return
    operation.endedAt = this.#trace.nowMs
    operation.outcome = outcome
    this.#trace.add(`#${index} ${describeOutcome(operation)}`, entityOf(operation))
  }

  async #record<T>(caller: Caller, use: Use, run: () => Promise<T>): Promise<T> {
    const operation = this.#begin(caller, use)
    const died = new Promise<never>((_, reject) => this.#open.set(operation, reject))
    try {
      const value = await Promise.race([run(), died])
      this.#end(operation, { kind: 'returned', value: shownValue(value) })
      return value
    } catch (error) {
      this.#end(operation, outcomeOf(error))
      throw error
    } finally {
      this.#open.delete(operation)
    }
  }

  async *#recordStream(caller: Caller, use: Use, values: AsyncIterable<unknown>): AsyncIterable<unknown> {
    const operation = this.#begin(caller, use)
    const died = new Promise<never>((_, reject) => this.#open.set(operation, reject))
    const iterator = values[Symbol.asyncIterator]()
    try {
      for (let next = await Promise.race([iterator.next(), died]); next.done !== true;) {
        operation.values.push(next.value)
        yield next.value
        next = await Promise.race([iterator.next(), died])
      }
      this.#end(operation, { kind: 'returned', value: undefined })
    } catch (error) {
      this.#end(operation, outcomeOf(error))
      throw error
    } finally {
      this.#open.delete(operation)
      if (operation.endedAt === undefined) await this.#leave(operation, iterator)
    }
  }

  /** The reader has had enough. */
  async #leave(operation: Operation, iterator: AsyncIterator<unknown>): Promise<void> {
    this.#end(operation, { kind: 'returned', value: undefined })
    await iterator.return?.()
  }
}

/** What an error tells its caller about the effect of the operation. */
function outcomeOf(error: unknown): OperationOutcome {
  if (error instanceof CallerDied) return { kind: 'unknown', error }
  if (!isCrusterError(error))
    return { kind: 'threw', error: error instanceof Error ? error : new TypeError(String(error)) }
  return error.outcome === 'unknown' ? { kind: 'unknown', error } : { kind: 'refused', error }
}

/** A handle of a scheduled message is known by its id. */
function shownValue(value: unknown): unknown {
  const isHandle = typeof value === 'object' && value !== null && 'cancel' in value && 'id' in value
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- looked at in the line above
  return isHandle ? (value as ScheduledMessage).id : value
}

/** The methods of an entity and of its traits. */
function methodsOf(contract: AnyEntity): Methods {
  const all = [contract, ...contract.traits].map(({ methods }) => Object.entries(methods))
  return Object.fromEntries(all.flat())
}
