import type { Clock } from '@cruster/core/ports'
import type { OpenCall, ReplySink } from './endpoint.ts'

/** A call that no line took. Its sink learns so a moment later, never before `open` has returned. */
export class RefusedCall implements OpenCall {
  #sink: ReplySink | undefined

  constructor(clock: Clock, sink: ReplySink, reason: Error) {
    this.#sink = sink
    clock.defer(() => {
      this.#sink?.broken(reason, false)
      this.#sink = undefined
    })
  }

  cancel(): void {
    this.#sink = undefined
  }

  disconnect(): void {
    this.#sink = undefined
  }

  credit(): void {
    // Nothing runs that could use it.
  }
}
