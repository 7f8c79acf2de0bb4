import type { RequestInfo } from '@cruster/core'
import {
  ConfigError,
  Interrupted,
  MethodNotFound,
  RunnerUnavailable,
  decode,
  encode,
  encodeExit,
  validate,
} from '@cruster/core'
import type { Logger, Operation, Storage, UnitResult } from '@cruster/core/ports'
import { measureCall } from '../entity/call-telemetry.ts'
import { meaningOf, passes } from '../entity/failure.ts'
import { outputExit } from '../entity/handler-output.ts'
import type { Job, JobOutcome } from '../entity/job.ts'
import { cancelledExit, handlerFailureExit, repeatedExit, replyDigest } from '../entity/recorded-outcome.ts'
import type { ConcludeOptions, NativeCall, NativeInstance } from '../extension/native-entity.ts'
import { concluded } from '../extension/native-entity.ts'
import { Postponed } from '../extension/postponed.ts'
import type { Services } from '../runner/services.ts'

/** What a run needs of its entity. */
export interface NativeRunHost {
  readonly services: Services
  log(): Logger
  mayExecute(): boolean
  commit(operations: readonly Operation[]): Promise<UnitResult>
}

const nothing = encodeExit({ kind: 'success', value: encode(undefined) })

/** One delivery of a request to a native entity. */
export class NativeRun implements NativeCall {
  #input: unknown
  readonly #host: NativeRunHost
  readonly #handlers: NativeInstance['handlers']
  readonly job: Job
  /** What callers get, if a unit that concludes the request is applied. */
  #exit: Uint8Array = nothing
  #isConcluded = false
  #hasBegun = false
  /** Takes the outcome, until it has one. */
  #end: ((outcome: JobOutcome) => void) | undefined
  #measured: ReturnType<typeof measureCall> | undefined

  constructor(host: NativeRunHost, handlers: NativeInstance['handlers'], job: Job) {
    this.#host = host
    this.#handlers = handlers
    this.job = job
  }

  get input(): unknown {
    this.#input ??= decode(this.job.request.payload)
    return this.#input
  }

  get request(): RequestInfo {
    const { request, stored } = this.job
    const deadline = stored === undefined ? this.#host.services.clock.now() + request.timeoutMs : undefined
    return { id: request.id, headers: request.headers, attempt: request.attempt, deadline }
  }

  get signal(): AbortSignal {
    return this.job.signal
  }

  get isStopped(): boolean {
    return this.job.isAborted
  }

  onStop(listener: () => void): void {
    this.job.onAbort(listener)
  }

  get sequence(): number | undefined {
    return this.job.stored?.sequence
  }

  conclude(output?: unknown, { forget = false }: ConcludeOptions = {}): readonly Operation[] {
    const { request, method } = this.job
    const what = (): string => `the output of ${request.address.type}.${method.name}`
    return this.#conclusion(outputExit(output, what, this.#host.services.config.maxPayloadBytes), forget)
  }

  refuse(error: unknown): readonly Operation[] {
    return this.#conclusion(handlerFailureExit(error))
  }

  /** How the request ended, when a unit that concludes it was applied. */
  get conclusion(): JobOutcome | undefined {
    return this.#isConcluded ? { kind: 'exit', exit: this.#exit } : undefined
  }

  /** A unit that concludes the request was applied. */
  concluded(): void {
    this.#isConcluded = true
  }

  /** Runs the handler. `end` is called once, and not before this has returned. */
  start(end: (outcome: JobOutcome) => void): void {
    this.job.phase = 'running'
    if (!this.#host.mayExecute()) return void Promise.resolve(this.#turnedAway()).then(end)
    this.#end = end
    this.#measured = measureCall(this.#host.services, this.job)
    const { method, address } = this.job
    const handler = this.#handlers[method.name]
    if (handler === undefined) return this.#threw(new MethodNotFound(address.type, method.name))
    this.#hasBegun = true
    // What the handler comes to, or why its job is abandoned before.
    this.job.onAbandon(this.#threw)
    try {
      handler(this).then(this.#returned, this.#threw)
    } catch (error) {
      this.#threw(error)
    }
  }

  /** Callbacks and no `await` on the way that most calls take: each promise on it is dear. */
  readonly #returned = (output: unknown): void => {
    const end = this.#settle()
    if (end === undefined) return
    this.#measured?.({ kind: 'returned' })
    const outcome = this.#outcomeOf(output)
    if (outcome instanceof Promise) void outcome.then(end)
    else end(outcome)
  }

  readonly #threw = (thrown: unknown): void => {
    const end = this.#settle()
    if (end === undefined) return
    this.#measured?.({ kind: 'threw', error: thrown })
    void this.#failed(thrown).then(end)
  }

  /** A promise where something has to be stored. It never rejects. */
  #outcomeOf(output: unknown): JobOutcome | Promise<JobOutcome> {
    if (this.#isConcluded) return { kind: 'exit', exit: this.#exit }
    try {
      if (output === concluded) throw new ConfigError(`${this.#what} returned \`concluded\`, and no unit held it.`)
      const operations = this.conclude(output)
      if (operations.length === 0) return { kind: 'exit', exit: this.#exit }
      return this.#record(operations).catch((error: unknown) => this.#failed(error))
    } catch (error) {
      return this.#failed(error)
    }
  }

  /** Whom to tell of the outcome; undefined when that is under way. */
  #settle(): ((outcome: JobOutcome) => void) | undefined {
    const end = this.#end
    this.#end = undefined
    return end
  }

  /** Whether the handler was called. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** Whether something has to be looked at before the handler can start. */
  get needsPreparation(): boolean {
    return this.#mayBeOver || this.job.method.method.input !== undefined
  }

  /** What storage hands out for the first time, or has just counted, is pending. */
  get #mayBeOver(): boolean {
    return this.job.stored === undefined ? this.job.lookup : this.job.isRepeated
  }

  /** Finds an outcome that is there already, and checks the input. Undefined: the handler is to run. Never rejects. */
  async prepare(): Promise<JobOutcome | undefined> {
    try {
      const known = this.#mayBeOver ? await knownOutcome(this.#host.services.storage, this.job) : undefined
      if (known !== undefined) return known
      this.#input = await validate(this.job.method.method.input, this.input, `the input of ${this.#what}`)
      return undefined
    } catch (error) {
      return this.#failed(error)
    }
  }

  get #what(): string {
    return `${this.job.address.type}.${this.job.method.name}`
  }

  #conclusion(exit: Uint8Array, forget = false): readonly Operation[] {
    this.#exit = exit
    const { request, stored, delivery } = this.job
    const { id, address, retainMs } = request
    const digest = replyDigest(request)
    const isAsked = delivery.recorded && !request.oneWay
    const completion: readonly Operation[] =
      stored === undefined
        ? []
        : [{ kind: 'completeMessage', id, forget: (forget || isAsked) && !this.#host.services.config.keepAnswered }]
    return isAsked ? [...completion, { kind: 'saveReply', id, address, digest, exit, retainMs }] : completion
  }

  async #record(operations: readonly Operation[]): Promise<JobOutcome> {
    if (operations.length === 0) return { kind: 'exit', exit: this.#exit }
    this.job.phase = 'committing'
    const result = await this.#host.commit(operations)
    const { request } = this.job
    switch (result.kind) {
      case 'applied':
        return { kind: 'exit', exit: this.#exit }
      case 'duplicate': {
        const recorded = await this.#host.services.storage.replies.find(request.id)
        return { kind: 'exit', exit: repeatedExit(request, recorded ?? { ...result, exit: result.exit ?? this.#exit }) }
      }
      case 'fenced':
        return { kind: 'notMine' }
      default: {
        const reply = await this.#host.services.storage.replies.find(request.id)
        return { kind: 'gone', exit: reply?.exit ?? cancelledExit(request.id) }
      }
    }
  }

  async #failed(error: unknown): Promise<JobOutcome> {
    const { stored, delivery } = this.job
    if (this.#isConcluded) {
      this.#host.log().log('warn', 'A handler failed after its request was concluded.', { error })
      return { kind: 'exit', exit: this.#exit }
    }
    if (stored !== undefined && (error instanceof Postponed || passes(error)))
      return { kind: 'redeliver', error, isOutage: true }
    if (this.#wasMoved(error)) return { kind: 'notMine' }
    const told = error instanceof Postponed ? this.#postponed(error) : error
    switch (meaningOf(told, delivery)) {
      case 'redeliver':
        return { kind: 'redeliver', error }
      case 'answer':
        return { kind: 'exit', exit: handlerFailureExit(told) }
      case 'record':
        return this.#refused(told)
    }
  }

  async #refused(error: unknown): Promise<JobOutcome> {
    try {
      return await this.#record(this.refuse(error))
    } catch (failure) {
      if (this.job.stored === undefined) return { kind: 'exit', exit: handlerFailureExit(failure) }
      return { kind: 'redeliver', error: failure, isOutage: true }
    }
  }

  #postponed({ message, cause }: Postponed): Error {
    return cause instanceof Error ? cause : new Interrupted(this.#what, { outcome: 'not-started', cause: message })
  }

  /** Another owner may have the shard already: whoever does own it has to serve the request. */
  #turnedAway(): JobOutcome {
    if (this.job.stored === undefined) return { kind: 'notMine' }
    const error = new RunnerUnavailable('of this process', {
      outcome: 'not-started',
      cause: 'its lease is not certain',
    })
    return { kind: 'redeliver', error, isOutage: true }
  }

  #wasMoved(error: unknown): boolean {
    return this.job.isRecorded && error instanceof RunnerUnavailable && this.job.signal.reason === error
  }
}

/** What became of a request that may have been concluded before. */
async function knownOutcome({ replies, messages }: Storage, job: Job): Promise<JobOutcome | undefined> {
  const { id } = job.request
  const status = job.stored === undefined ? 'pending' : (await messages.find(id))?.status
  // After the message: it is forgotten with the commit that records the reply.
  const reply = await replies.find(id)
  if (reply !== undefined) return { kind: 'exit', exit: repeatedExit(job.request, reply) }
  if (status === 'pending') return undefined
  return { kind: 'gone', exit: status === 'cancelled' ? cancelledExit(id) : nothing }
}
