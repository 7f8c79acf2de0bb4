import { ConfigError } from '@cruster/core'
import type { StreamPosition } from '@cruster/core/ports'
import type { OpenCall, ReplySink } from '../connection/endpoint.ts'
import { ReceiveWindow } from './receive-window.ts'
import type { StreamTrouble } from './stream-trouble.ts'

export interface StreamReaderOptions<Value> {
  /** Opens the stream, or takes it up again at a position, on whatever line leads to its owner now. */
  readonly open: (position: StreamPosition, credit: number, sink: ReplySink) => OpenCall
  /** Resolves when the stream is to be opened again. Rejects with what the consumer is told, to give it up. */
  readonly retry: (trouble: StreamTrouble) => Promise<void>
  readonly decode: (value: Uint8Array) => Value
  /** The error that an exit stands for; undefined for success. */
  readonly failure: (exit: Uint8Array) => unknown
  /** How many values may wait here for the consumer. Default 64. More is faster over slow lines and takes memory. */
  readonly credit?: number
}

type Result<Value> = IteratorResult<Value, undefined>

interface Waiter<Value> {
  resolve(result: Promise<Result<Value>>): void
}

const done: Result<never> = Object.freeze({ done: true, value: undefined })

/**
 * The caller's side of one stream: what `for await` iterates.
 *
 * - R1 Every value is delivered once and in order, whatever happens to the lines: what a line repeats is dropped, a gap
 *   is never passed over.
 * - R2 At most `credit` values wait here. More is asked for when half of it is consumed.
 * - R3 Trouble with a line reaches the consumer only when `retry` gives up, after the values that came before it.
 * - R4 When the consumer stops, the call is cancelled; values that wait are dropped.
 *
 * | from \ on  | next | trouble  | retried | given up | exit, stop, abort |
 * |------------|------|----------|---------|----------|-------------------|
 * | `new`      | open | –        | –       | –        | ended             |
 * | `open`     | –    | troubled | –       | –        | ended             |
 * | `troubled` | –    | –        | open    | ended    | ended             |
 * | `ended`    | –    | –        | –       | –        | –                 |
 *
 * Nothing is opened before the first `next`. One consumer only.
 */
export class StreamReader<Value> implements AsyncIterableIterator<Value, undefined, undefined> {
  readonly #options: StreamReaderOptions<Value>
  readonly #window: ReceiveWindow
  readonly #waiters: Waiter<Value>[] = []
  #state: 'new' | 'open' | 'troubled' | 'ended' = 'new'
  #hasConsumer = false
  #sink: ReplySink | undefined
  #call: OpenCall | undefined
  /** What the consumer is told after the last value, once. */
  #error: unknown

  constructor(options: StreamReaderOptions<Value>) {
    this.#options = options
    this.#window = new ReceiveWindow(options.credit ?? 64)
  }

  /** @throws ConfigError when somebody reads this stream already. */
  [Symbol.asyncIterator](): this {
    if (this.#hasConsumer) throw new ConfigError('A stream has one reader. Call the method again for another stream.')
    this.#hasConsumer = true
    return this
  }

  async next(): Promise<Result<Value>> {
    if (this.#state === 'new') this.#open()
    return new Promise((resolve) => {
      this.#waiters.push({ resolve })
      this.#serve()
    })
  }

  /** The consumer stops: cancels the call. */
  async return(): Promise<Result<Value>> {
    this.#stop(undefined)
    return done
  }

  /**
   * Ends the stream from outside: cancels the call, drops what waits, fails the consumer with the error. Does nothing
   * when the stream has ended already, even if the consumer has not got so far.
   */
  abort(error: unknown): void {
    if (this.#state !== 'ended') this.#stop(error)
  }

  #open(): void {
    this.#state = 'open'
    const sink = this.#newSink()
    this.#sink = sink
    try {
      const call = this.#options.open(this.#window.position, this.#window.grant().credit, sink)
      // The endpoint may have answered already.
      if (this.#sink !== sink) return call.cancel()
      this.#call = call
      this.#serve()
    } catch (error) {
      this.#end(error)
    }
  }

  /** Hears one line. A line that was given up is not heard any more, even if it has not noticed. */
  #newSink(): ReplySink {
    const whenCurrent =
      <Args extends unknown[]>(react: (...args: Args) => void) =>
      (...args: Args): void => {
        if (this.#sink === sink) react(...args)
      }
    const sink: ReplySink = {
      reply: whenCurrent((exit) => this.#exit(exit)),
      notMine: whenCurrent((address, owner) => this.#recover({ kind: 'notMine', address, owner })),
      broken: whenCurrent((reason, sent) => this.#recover({ kind: 'broken', reason, sent })),
      chunk: whenCurrent((sequence, values) => this.#receive(sequence, values)),
    }
    return sink
  }

  #receive(sequence: number, values: readonly Uint8Array[]): void {
    const expected = this.#window.position.received
    if (this.#window.add(sequence, values) === 'added') return this.#serve()
    this.#call?.cancel()
    this.#recover({ kind: 'gap', expected, found: sequence })
  }

  /** Gives waiting consumers what there is, and the sender the room that this makes. */
  #serve(): void {
    while (this.#waiters.length > 0) {
      const value = this.#window.take()
      if (value === undefined && this.#state !== 'ended') break
      this.#waiters.shift()?.resolve(value === undefined ? this.#tellEnd() : this.#decode(value))
    }
    if (this.#call === undefined) return
    const grant = this.#window.grantIfDue()
    if (grant !== undefined) this.#call.credit(grant.received, grant.credit)
  }

  /** Only what is wanted now is decoded. A value that cannot be ends the stream. */
  async #decode(value: Uint8Array): Promise<Result<Value>> {
    try {
      return { done: false, value: this.#options.decode(value) }
    } catch (error) {
      this.#stop(undefined)
      throw error
    }
  }

  #exit(exit: Uint8Array): void {
    try {
      this.#end(this.#options.failure(exit))
    } catch (error) {
      this.#end(error)
    }
  }

  #recover(trouble: StreamTrouble): void {
    this.#state = 'troubled'
    this.#leaveLine()
    this.#options.retry(trouble).then(
      () => {
        if (this.#state === 'troubled') this.#open()
      },
      (error: unknown) => {
        if (this.#state === 'troubled') this.#end(error)
      },
    )
  }

  #stop(error: unknown): void {
    this.#call?.cancel()
    this.#window.clear()
    this.#end(error)
  }

  #end(error: unknown): void {
    this.#state = 'ended'
    this.#error = error
    this.#leaveLine()
    this.#serve()
  }

  #leaveLine(): void {
    this.#sink = undefined
    this.#call = undefined
  }

  async #tellEnd(): Promise<Result<Value>> {
    const error = this.#error
    this.#error = undefined
    return error === undefined ? done : Promise.reject(error)
  }
}
