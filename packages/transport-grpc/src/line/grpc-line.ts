import { PayloadTooLarge, RunnerUnavailable } from '@cruster/core'
import type { Connection, Frame } from '@cruster/core/ports'
import type { TransportSettings } from '../transport-settings.ts'
import { decodeBatch, encodeBatch, goodbye } from '../wire/frame-batch.ts'
import { IncomingFrames } from './incoming-frames.ts'
import { OutgoingMessages } from './outgoing-messages.ts'
import { substituteFor } from './oversized-frame.ts'

/**
 * A connection as one of its two sides sees it, apart from how its messages travel: whoever made it sends what is in
 * `outgoing` and hands over what comes.
 *
 * | from \ on | close             | goodbye of the peer | breakDown                        |
 * |-----------|-------------------|---------------------|----------------------------------|
 * | `open`    | over, no reason   | over, no reason     | over, with the reason            |
 * | `over`    | –                 | –                   | –                                |
 *
 * A line that is over receives nothing. After `close`, what was sent before still leaves, with a goodbye behind it.
 */
export class GrpcLine implements Connection {
  readonly peer: string
  readonly frames: IncomingFrames = new IncomingFrames()
  readonly closed: Promise<Error | undefined>
  readonly outgoing: OutgoingMessages = new OutgoingMessages()
  readonly #settings: TransportSettings
  #isOver = false
  #resolveClosed: (reason: Error | undefined) => void = () => {}

  constructor(peer: string, settings: TransportSettings) {
    this.peer = peer
    this.#settings = settings
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve))
  }

  send(frames: readonly Frame[]): void {
    if (this.#isOver || frames.length === 0) return
    try {
      this.#send(frames)
    } catch (error) {
      this.#settings.log.log('error', 'Frames could not be sent; their line is closed.', { peer: this.peer, error })
      return this.breakDown(error)
    }
    const { bytes } = this.outgoing
    if (bytes > this.#settings.maxQueuedBytes) this.#refuseMore(bytes)
  }

  close(): void {
    if (this.#isOver) return
    this.outgoing.push(goodbye)
    this.outgoing.end()
    this.#end(undefined)
  }

  /** Takes a message of the other side. One that cannot be read ends the line. */
  receive(message: Uint8Array): void {
    if (this.#isOver) return
    try {
      const { frames, closing } = decodeBatch(message)
      this.frames.push(frames)
      if (closing) this.#leave()
    } catch (error) {
      this.#settings.log.log('warn', 'A peer sent what cannot be read; its line is closed.', { peer: this.peer, error })
      this.breakDown(error)
    }
  }

  /** The line is over at once, and what waits is lost. */
  breakDown(cause: unknown): void {
    if (this.#isOver) return
    const reason = new RunnerUnavailable(this.peer, { outcome: 'unknown', cause })
    this.outgoing.drop(reason)
    this.#end(reason)
  }

  /** The other side said goodbye. */
  #leave(): void {
    this.outgoing.drop()
    this.#end(undefined)
  }

  #end(reason: Error | undefined): void {
    this.#isOver = true
    this.frames.end()
    this.#resolveClosed(reason)
  }

  #send(frames: readonly Frame[]): void {
    const batch = encodeBatch(frames)
    if (batch.length <= this.#settings.maxFrameBytes) return this.outgoing.push(batch)
    const [only] = frames
    if (frames.length === 1 && only !== undefined) return this.#replace(only, batch.length)
    for (const frame of frames) this.#send([frame])
  }

  #replace(frame: Frame, size: number): void {
    const { maxFrameBytes: limit, log } = this.#settings
    const substitute = substituteFor(frame, size, limit)
    if (substitute === undefined) throw new PayloadTooLarge(size, limit)
    log.log('warn', 'A frame was too large to be sent; its call failed.', {
      peer: this.peer,
      kind: frame.kind,
      size,
      limit,
    })
    for (const other of substitute.send) this.#send([other])
    this.frames.push(substitute.receive)
  }

  #refuseMore(bytes: number): void {
    const { maxQueuedBytes, log } = this.#settings
    log.log('warn', 'A peer does not keep up; its line is closed.', { peer: this.peer, bytes, maxQueuedBytes })
    this.breakDown(`${bytes} bytes wait to be sent to it, and maxQueuedBytes is ${maxQueuedBytes}`)
  }
}
