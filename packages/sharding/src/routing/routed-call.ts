import type { EntityAddress, StopSignal } from '@cruster/core'
import { DeadlineExceeded, Interrupted, RunnerUnavailable, ShuttingDown, entityKey } from '@cruster/core'
import type { Clock, Random, Timer } from '@cruster/core/ports'
import { rootOf } from '../connection/line-error.ts'
import type { OpenCall, OwnerHint, ReplySink, Request } from '../connection/endpoint.ts'
import type { Route, Router } from './router.ts'
import { honestExit } from './honest-exit.ts'
import { RetryPauses } from './retry-pause.ts'

export interface CallerServices {
  readonly router: Router
  readonly clock: Clock
  readonly random: Random
}

export interface CallLimits {
  readonly timeoutMs: number
  readonly signal?: StopSignal | undefined
  /** The outcome is recorded under the request's id, so that asking again is safe when a line broke. */
  readonly repeatable: boolean
}

/**
 * One call from its first attempt to its answer. Trouble on the way is met inside the deadline: a moved shard and a
 * runner that cannot be reached are tried again; a line that broke with the request on it only when the request is
 * repeatable. Settles exactly once, at the deadline at the latest.
 */
export class RoutedCall implements ReplySink {
  readonly #services: CallerServices
  readonly #request: Request
  readonly #timeoutMs: number
  readonly #signal: StopSignal | undefined
  readonly #isRepeatable: boolean
  readonly #resolve: (exit: Uint8Array) => void
  readonly #reject: (error: unknown) => void
  readonly #deadline: number
  readonly #timer: Timer
  readonly #leave: () => void
  #open: OpenCall | undefined
  #route: Route | undefined
  /** Which delivery the next attempt is: those that cannot have been started do not count. */
  #delivery = 1
  #isAsked = false
  readonly #pauses = new RetryPauses()
  #hint: OwnerHint | undefined
  #stopWaiting: (() => void) | undefined
  /** Whether the request can have been started by an attempt that gave no answer. */
  #mayHaveStarted = false
  #isOver = false

  private constructor(
    services: CallerServices,
    work: { readonly request: Request; readonly limits: CallLimits },
    settle: { readonly resolve: (exit: Uint8Array) => void; readonly reject: (error: unknown) => void },
  ) {
    this.#services = services
    this.#request = work.request
    // Taken apart: literals that live as long as a call V8 may take for long-lived, decision 0012.
    this.#timeoutMs = work.limits.timeoutMs
    this.#signal = work.limits.signal
    this.#isRepeatable = work.limits.repeatable
    this.#resolve = settle.resolve
    this.#reject = settle.reject
    this.#leave = services.router.enter(this.#interrupt)
    this.#deadline = services.clock.monotonic() + this.#timeoutMs
    this.#timer = services.clock.setTimer(this.#timeoutMs, this.#expire)
    this.#signal?.addEventListener('abort', this.#interrupt, { once: true })
  }

  /** Resolves to the encoded exit. Rejects with DeadlineExceeded, Interrupted, RunnerUnavailable or ShuttingDown. */
  static run(services: CallerServices, request: Request, limits: CallLimits): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      RoutedCall.begin(services, { request, limits }, { resolve, reject })
    })
  }

  /**
   * As {@link RoutedCall.run}, for whoever has a promise already: each one more is dear.
   *
   * @throws Interrupted when it cannot begin; nobody is told of an outcome then.
   */
  static begin(
    services: CallerServices,
    work: { readonly request: Request; readonly limits: CallLimits },
    settle: { readonly resolve: (exit: Uint8Array) => void; readonly reject: (error: unknown) => void },
  ): void {
    const { request, limits } = work
    // What is stored runs, whether or not somebody waits for it.
    const outcome = request.sequence === undefined ? 'not-started' : 'unknown'
    if (limits.signal?.aborted === true) throw interrupted(request, outcome, limits.signal.reason)
    if (services.router.isClosed && outcome === 'unknown') throw interrupted(request, outcome, new ShuttingDown())
    new RoutedCall(services, work, settle).#attempt()
  }

  reply(exit: Uint8Array): void {
    const answer = this.#isUncertain ? honestExit(exit) : exit
    if (this.#end()) this.#resolve(answer)
  }

  notMine(_address: EntityAddress, owner: OwnerHint | undefined, mayHaveStarted?: boolean): void {
    this.#hint = owner
    this.#open = undefined
    if (mayHaveStarted === true) this.#started()
    this.#pause()
  }

  broken(reason: Error, sent: boolean): void {
    this.#open = undefined
    this.#hint = undefined
    if (sent) this.#started()
    if (!sent || this.#isRepeatable) return this.#pause()
    const error = new RunnerUnavailable(this.#route?.address ?? 'the owner', {
      outcome: 'unknown',
      cause: rootOf(reason),
    })
    if (this.#end()) this.#reject(error)
  }

  chunk(): void {
    // Streams have a reader of their own.
  }

  #attempt(): void {
    this.#route = this.#services.router.route(this.#request.address.shard, this.#hint)
    if (this.#route === undefined) return this.#pause()
    const request = this.#isAsked ? this.#repetition() : this.#request
    this.#isAsked = true
    this.#pauses.asks(this.#route.epoch)
    const call = this.#route.endpoint.open(request, this)
    // The endpoint may have answered already.
    if (!this.#isOver && this.#stopWaiting === undefined) this.#open = call
  }

  #repetition(): Request {
    const timeoutMs = Math.max(0, this.#deadline - this.#services.clock.monotonic())
    return { ...this.#request, timeoutMs, attempt: this.#delivery }
  }

  #started(): void {
    this.#mayHaveStarted = true
    this.#delivery += 1
  }

  #pause(): void {
    if (this.#isOver) return
    const pauseMs = this.#pauses.nextMs(this.#services.random)
    const wake = (): void => {
      this.#stopWaiting = undefined
      this.#attempt()
    }
    this.#stopWaiting = this.#services.router.wait(pauseMs, wake, this.#request.address.shard)
  }

  readonly #expire = (): void => {
    const outcome = this.#outcome()
    if (!this.#end()) return
    const { address, method } = this.#request
    this.#reject(new DeadlineExceeded(`${entityKey(address)} ${method}`, this.#timeoutMs, { outcome }))
  }

  readonly #interrupt = (): void => {
    const outcome = this.#outcome()
    if (this.#end()) this.#reject(interrupted(this.#request, outcome, this.#signal?.reason))
  }

  #outcome(): 'unknown' | 'not-started' {
    return this.#isUncertain || this.#open !== undefined ? 'unknown' : 'not-started'
  }

  /** Whether the request can run by the doing of an attempt that gave no answer, or of storage. */
  get #isUncertain(): boolean {
    return this.#mayHaveStarted || this.#request.sequence !== undefined
  }

  /** Leaves nothing behind. False when the call is over already. */
  #end(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    this.#leave()
    this.#timer.cancel()
    this.#stopWaiting?.()
    this.#open?.cancel()
    this.#signal?.removeEventListener('abort', this.#interrupt)
    return true
  }
}

function interrupted({ address, method }: Request, outcome: 'unknown' | 'not-started', cause: unknown): Interrupted {
  return new Interrupted(`${entityKey(address)} ${method}`, { outcome, cause })
}
