import type { ShardId } from '@cruster/core'
import type { Clock, Timer } from '@cruster/core/ports'
import type { Endpoint, OpenCall, ReplySink, Request } from '../connection/endpoint.ts'
import { closedCall } from './job-call.ts'

/** Requests that may wait. More are turned away, and come again. */
const places = 10_000

/** Taking a shard over takes some milliseconds; what takes longer is in trouble, and its callers look around. */
const patienceMs = 250

/**
 * Requests for shards that are about to be this runner's. They are served the moment the shard is: callers that were turned away
 * would come back after a pause, and the shard would stand idle until then.
 */
export class WaitingRoom {
  readonly #clock: Clock
  readonly #calls = new Map<ShardId, Set<WaitingCall>>()
  #free = places

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Undefined when there is no room. `turnAway` is called when the shard has not come in time. */
  enter(request: Request, sink: ReplySink, turnAway: () => void): OpenCall | undefined {
    if (this.#free === 0) return undefined
    this.#free -= 1
    const { shard } = request.address
    const call = new WaitingCall(request, sink, () => this.#leave(shard, call))
    const timer = this.#clock.setTimer(patienceMs, () => {
      call.cancel()
      turnAway()
    })
    call.waitUntil(timer)
    const calls = this.#calls.get(shard) ?? new Set()
    this.#calls.set(shard, calls.add(call))
    return call
  }

  /** The shard is here: who waits for it is served, in the order of coming. */
  admit(shard: ShardId, endpoint: Endpoint): void {
    for (const call of this.#calls.get(shard) ?? []) call.start(endpoint)
  }

  #leave(shard: ShardId, call: WaitingCall): void {
    this.#free += 1
    const calls = this.#calls.get(shard)
    calls?.delete(call)
    if (calls?.size === 0) this.#calls.delete(shard)
  }
}

/** A call that waits, and then is the call that it waited for. */
class WaitingCall implements OpenCall {
  readonly #request: Request
  readonly #sink: ReplySink
  readonly #leave: () => void
  #timer: Timer | undefined
  #call: OpenCall | undefined

  constructor(request: Request, sink: ReplySink, leave: () => void) {
    this.#request = request
    this.#sink = sink
    this.#leave = leave
  }

  waitUntil(timer: Timer): void {
    this.#timer = timer
  }

  start(endpoint: Endpoint): void {
    this.#stopWaiting()
    this.#call = endpoint.open(this.#request, this.#sink)
  }

  cancel(): void {
    if (this.#call === undefined) this.#stopWaiting()
    else this.#call.cancel()
  }

  credit(received: number, credit: number): void {
    this.#call?.credit(received, credit)
  }

  disconnect(): void {
    if (this.#call === undefined) this.#stopWaiting()
    else this.#call.disconnect()
  }

  /** It is nobody's call from here on, unless it is started. */
  #stopWaiting(): void {
    this.#timer?.cancel()
    this.#call = closedCall
    this.#leave()
  }
}
