import type { InstanceId } from '@cruster/core'
import type { Clock, Connection, Frame, Hello, Logger, RequestFrame } from '@cruster/core/ports'
import { TurnoverMap } from '../turnover/turnover-map.ts'
import type { Endpoint } from './endpoint.ts'
import { FrameBatch } from './frame-batch.ts'
import { protocolVersion } from './line-error.ts'
import { readFrames } from './read-frames.ts'
import type { ServedCalls } from './served-call.ts'
import { ServedCall } from './served-call.ts'

export interface ServedLineOptions {
  /** Who takes the requests. */
  readonly endpoint: Endpoint
  /** Who is speaking at this end. */
  readonly instanceId: InstanceId
  readonly clock: Clock
  readonly log: Logger
  /** Encodes an error as the exit of a call. */
  readonly encodeFailure: (error: Error) => Uint8Array
}

/**
 * The serving side of one accepted connection: opens each request at the endpoint and sends what its sink hears.
 *
 * - P1 When the line ends, whoever ends it, every open call is disconnected, and nothing is sent any more.
 * - P2 Frames for calls that are not open are late and ignored, as is a second request with the number of an open call.
 * - P3 A peer that does not begin with hello, says it twice, or speaks another protocol is cut off with a line in the log.
 */
export class ServedLine {
  readonly #connection: Connection
  readonly #options: ServedLineOptions
  readonly #calls: ServedCalls
  #state: 'greeting' | 'open' | 'ended' = 'greeting'
  /** Resolves when the connection is over and every call was told. */
  readonly finished: Promise<void>

  constructor(connection: Connection, options: ServedLineOptions) {
    const { clock, encodeFailure, instanceId } = options
    this.#connection = connection
    this.#options = options
    this.#calls = { open: new TurnoverMap(), batch: new FrameBatch(clock, connection), encodeFailure }
    this.#calls.batch.add({ kind: 'hello', protocol: protocolVersion, instanceId })
    this.finished = this.#read()
  }

  /** Ends the line; replies that wait to be sent are sent before. */
  close(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#calls.batch.flush()
    this.#connection.close()
    for (const call of this.#calls.open.values()) this.#disconnect(call)
  }

  async #read(): Promise<void> {
    const reason = await readFrames(this.#connection, {
      receive: (frame) => this.#receive(frame),
      failed: (error) => this.#report(error),
    })
    if (reason !== undefined) this.#log('info', 'The line of a peer broke.', { error: reason })
    this.close()
  }

  #receive(frame: Frame): void {
    if (this.#state !== 'open' || frame.kind === 'hello') return this.#greet(frame)
    switch (frame.kind) {
      case 'request':
        return this.#open(frame)
      case 'cancel':
        return this.#calls.open.get(frame.call)?.cancel()
      case 'credit':
        return this.#calls.open.get(frame.call)?.credit(frame.received, frame.credit)
      default:
      // Frames of one who serves; on this line that is this side.
    }
  }

  #open(request: RequestFrame): void {
    if (this.#calls.open.has(request.call)) return
    const call = new ServedCall(this.#calls, request)
    this.#calls.open.set(request.call, call)
    call.start(this.#options.endpoint, request)
  }

  #greet(frame: Frame): void {
    if (this.#state === 'ended') return
    if (frame.kind !== 'hello' || this.#state === 'open') {
      this.#log('warn', 'A peer broke the protocol; its line is closed.', { unexpected: frame.kind })
      return this.close()
    }
    this.#welcome(frame)
  }

  #welcome(hello: Hello): void {
    // Typed as ours, but what arrives was sent by whatever version the peer runs.
    const protocol: number = hello.protocol
    if (protocol === protocolVersion) {
      this.#state = 'open'
      return
    }
    this.#log('error', 'A peer speaks another protocol; its line is closed. Deploy versions that share one.', {
      protocol,
      expected: protocolVersion,
    })
    this.close()
  }

  #disconnect(call: ServedCall): void {
    try {
      call.disconnect()
    } catch (error) {
      this.#report(error)
    }
  }

  #report(error: unknown): void {
    this.#log('error', 'An endpoint threw.', { error })
  }

  #log(level: 'info' | 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.log.log(level, message, { peer: this.#connection.peer, ...fields })
  }
}
