import type { InstanceId, RunnerAddress } from '@cruster/core'
import type { CallId, Clock, Connection, Frame, Logger } from '@cruster/core/ports'
import { TurnoverMap } from '../turnover/turnover-map.ts'
import type { Endpoint, OpenCall, ReplySink, Request } from './endpoint.ts'
import { FrameBatch } from './frame-batch.ts'
import type { LineCalls } from './line-call.ts'
import { LineCall } from './line-call.ts'
import { lineBroken, lineNotOpened, otherProtocol, protocolVersion } from './line-error.ts'
import { readFrames } from './read-frames.ts'
import { RefusedCall } from './refused-call.ts'
import { requestFrame } from './request-frame.ts'

/** What happens to a line as a whole. */
export interface LineListener {
  /** The other side has said hello and speaks our protocol: requests can be sent. */
  opened(peer: InstanceId): void
  /** The line is over. Called once, before the sinks of its open calls are told: those may want another line. */
  ended(reason: Error): void
}

export interface PeerLineOptions {
  readonly connection: Connection
  /** Whom the line leads to. For the messages of errors and logs. */
  readonly address: RunnerAddress
  /** Who is speaking at this end. */
  readonly instanceId: InstanceId
  readonly clock: Clock
  readonly log: Logger
  readonly listener: LineListener
}

/**
 * The caller's side of one connection: any number of calls at once, told apart by their numbers. Takes calls as soon as
 * the listener was told that it is open.
 *
 * - L1 Each call's sink hears exactly one of reply, notMine and broken; after `cancel` or `disconnect`, nothing.
 * - L2 A sink is never called before `open` has returned.
 * - L3 When the line ends, every open call is broken with `sent` true; one opened later with `sent` false.
 * - L4 Frames for calls that are not open are late and ignored. A peer that breaks the order of hellos is cut off.
 */
export class PeerLine implements Endpoint {
  readonly #options: PeerLineOptions
  readonly #calls: LineCalls
  #state: 'greeting' | 'open' | 'ended' = 'greeting'
  #lastCall: CallId = 0
  /** Resolves when the connection is over and everything that came on it was handled. */
  readonly finished: Promise<void>

  constructor(options: PeerLineOptions) {
    this.#options = options
    this.#calls = { open: new TurnoverMap(), batch: new FrameBatch(options.clock, options.connection) }
    this.#calls.batch.add({ kind: 'hello', protocol: protocolVersion, instanceId: options.instanceId })
    this.finished = this.#read()
  }

  /** How many calls were ever opened. Unchanged since an earlier look: not used since. */
  get callCount(): number {
    return this.#lastCall
  }

  get hasOpenCalls(): boolean {
    return this.#calls.open.size > 0
  }

  open(request: Request, sink: ReplySink): OpenCall {
    if (this.#state !== 'open') return this.#refuse(sink)
    this.#lastCall += 1
    const call = new LineCall(this.#calls, requestFrame(this.#lastCall, request), sink)
    this.#calls.open.set(this.#lastCall, call)
    this.#calls.batch.add(call.request)
    return call
  }

  /** Ends the line: what waits is sent, every open call is broken. Does nothing on a line that has ended. */
  close(reason: Error): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#calls.batch.flush()
    this.#options.connection.close()
    const calls = [...this.#calls.open.values()]
    this.#calls.open.clear()
    this.#options.listener.ended(reason)
    for (const call of calls) this.#breakCall(call, reason)
  }

  #refuse(sink: ReplySink): OpenCall {
    const { clock, address } = this.#options
    const why = this.#state === 'ended' ? 'the line to it is closed' : 'it has not said hello yet'
    return new RefusedCall(clock, sink, lineNotOpened(address, why))
  }

  async #read(): Promise<void> {
    const reason = await readFrames(this.#options.connection, {
      receive: (frame) => this.#receive(frame),
      failed: (error) => this.#report(error),
    })
    this.#break(reason ?? 'it closed the line')
  }

  #receive(frame: Frame): void {
    if (this.#state === 'greeting' || frame.kind === 'hello') return this.#greet(frame)
    switch (frame.kind) {
      case 'reply':
        return this.#take(frame.call)?.sink.reply(frame.exit)
      case 'notMine': {
        const call = this.#take(frame.call)
        return call?.sink.notMine(call.request.address, frame.owner, frame.mayHaveStarted)
      }
      case 'chunk':
        return this.#calls.open.get(frame.call)?.sink.chunk(frame.sequence, frame.values)
      default:
      // Frames of a caller; on this line that is this side.
    }
  }

  /** The call of this number, which is over now. */
  #take(id: CallId): LineCall | undefined {
    const call = this.#calls.open.get(id)
    this.#calls.open.delete(id)
    return call
  }

  #greet(frame: Frame): void {
    const { address, listener } = this.#options
    if (this.#state === 'ended') return
    if (frame.kind !== 'hello' || this.#state === 'open') {
      return this.#break(`it broke the protocol with an unexpected ${frame.kind} frame`)
    }
    // Typed as ours, but what arrives was sent by whatever version the peer runs.
    if (frame.protocol !== protocolVersion) return this.close(otherProtocol(address, frame.protocol))
    this.#state = 'open'
    listener.opened(frame.instanceId)
  }

  #break(cause: string | Error): void {
    // Before the hellos are exchanged nothing but ours was sent.
    const error = this.#state === 'greeting' ? lineNotOpened : lineBroken
    this.close(error(this.#options.address, cause))
  }

  #breakCall(call: LineCall, reason: Error): void {
    try {
      call.sink.broken(reason, true)
    } catch (error) {
      this.#report(error)
    }
  }

  #report(error: unknown): void {
    this.#options.log.log('error', 'A receiver of replies threw.', { peer: this.#options.address, error })
  }
}
