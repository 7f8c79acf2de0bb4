import type { Clock } from '@cruster/core/ports'
import { TurnoverSet } from '../turnover/turnover-set.ts'
import type { Endpoint, OpenCall, ReplySink, Request } from './endpoint.ts'

/** Calls that wait for a line, first come first served. */
export class CallQueue {
  readonly #clock: Clock
  readonly #calls = new TurnoverSet<QueuedCall>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#calls.size
  }

  add(request: Request, sink: ReplySink): OpenCall {
    const call = new QueuedCall(this.#calls, request, { sink, queuedAt: this.#clock.monotonic() })
    this.#calls.add(call)
    return call
  }

  /** Sends all on their way. */
  release(endpoint: Endpoint): void {
    const now = this.#clock.monotonic()
    for (const call of this.#takeAll()) call.release(endpoint, now)
  }

  /** Breaks all; nothing of them was sent. */
  refuse(reason: Error): void {
    for (const call of this.#takeAll()) call.refuse(reason)
  }

  #takeAll(): readonly QueuedCall[] {
    const calls = [...this.#calls]
    this.#calls.clear()
    return calls
  }
}

/** A call that waits; once it is released, a stand-in for the real one. */
class QueuedCall implements OpenCall {
  readonly #queue: TurnoverSet<QueuedCall>
  readonly #request: Request
  readonly #origin: { readonly sink: ReplySink; readonly queuedAt: number }
  #state: 'waiting' | 'released' | 'over' = 'waiting'
  #call: OpenCall | undefined
  #credit: { readonly received: number; readonly credit: number } | undefined

  constructor(queue: TurnoverSet<QueuedCall>, request: Request, origin: { sink: ReplySink; queuedAt: number }) {
    this.#queue = queue
    this.#request = request
    this.#origin = origin
  }

  release(endpoint: Endpoint, now: number): void {
    if (this.#state !== 'waiting') return
    this.#state = 'released'
    const timeoutMs = Math.max(0, this.#request.timeoutMs - (now - this.#origin.queuedAt))
    this.#call = endpoint.open({ ...this.#request, timeoutMs }, this.#origin.sink)
    if (this.#credit !== undefined) this.#call.credit(this.#credit.received, this.#credit.credit)
  }

  refuse(reason: Error): void {
    if (this.#state !== 'waiting') return
    this.#state = 'over'
    this.#origin.sink.broken(reason, false)
  }

  cancel(): void {
    this.#leave()
    this.#call?.cancel()
  }

  disconnect(): void {
    this.#leave()
    this.#call?.disconnect()
  }

  /** A reader that takes its stream up again may make room before the line is there: the last word is kept for it. */
  credit(received: number, credit: number): void {
    if (this.#call === undefined) this.#credit = { received, credit }
    else this.#call.credit(received, credit)
  }

  #leave(): void {
    if (this.#state !== 'waiting') return
    this.#state = 'over'
    this.#queue.delete(this)
  }
}
