import type { NativeCall, NativeHandler } from '@cruster/sharding/extension'

/** A method of an execution. */
export type ExecutionMethod = 'start' | 'event' | 'result' | 'status' | 'query' | 'history' | 'outcome'

/** Serves a call of a method. */
export type ServeMethod = (method: ExecutionMethod, call: NativeCall) => Promise<unknown>

/**
 * Handlers by the names of their methods. Each is made when it is asked for: an execution serves two calls, mostly. And a function
 * that is assigned to a property V8 takes for long-lived, and with it the whole execution: decision 0012.
 */
export class HandlerTable {
  [method: string]: NativeHandler
  readonly #serve: ServeMethod

  constructor(serve: ServeMethod) {
    this.#serve = serve
  }

  get start(): NativeHandler {
    return this.#handler('start')
  }

  get event(): NativeHandler {
    return this.#handler('event')
  }

  get result(): NativeHandler {
    return this.#handler('result')
  }

  get status(): NativeHandler {
    return this.#handler('status')
  }

  get query(): NativeHandler {
    return this.#handler('query')
  }

  get history(): NativeHandler {
    return this.#handler('history')
  }

  get outcome(): NativeHandler {
    return this.#handler('outcome')
  }

  #handler(method: ExecutionMethod): NativeHandler {
    return (call) => this.#serve(method, call)
  }
}
