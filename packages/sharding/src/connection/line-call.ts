import type { CallId, RequestFrame } from '@cruster/core/ports'
import type { TurnoverMap } from '../turnover/turnover-map.ts'
import type { OpenCall, ReplySink } from './endpoint.ts'
import type { FrameBatch } from './frame-batch.ts'

/** What the calls of one line share. A call is open as long as the map holds it. */
export interface LineCalls {
  readonly open: TurnoverMap<CallId, LineCall>
  readonly batch: FrameBatch
}

/** One call on a line to a peer. */
export class LineCall implements OpenCall {
  readonly request: RequestFrame
  readonly sink: ReplySink
  readonly #calls: LineCalls

  constructor(calls: LineCalls, request: RequestFrame, sink: ReplySink) {
    this.#calls = calls
    this.request = request
    this.sink = sink
  }

  cancel(): void {
    const { call } = this.request
    if (this.#calls.open.delete(call)) this.#calls.batch.add({ kind: 'cancel', call })
  }

  credit(received: number, credit: number): void {
    const { call } = this.request
    if (this.#calls.open.has(call)) this.#calls.batch.add({ kind: 'credit', call, received, credit })
  }

  /** The other side is not told: the caller may ask again, and meanwhile the work goes on. */
  disconnect(): void {
    this.#calls.open.delete(this.request.call)
  }
}
