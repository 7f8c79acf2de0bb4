import type { Clock, Connection, Frame } from '@cruster/core/ports'

/** A batch that holds this many frames is sent at once, so that the other side can begin while this one goes on. */
const maxFrames = 512

/** The same for bytes; transports send a batch as one message, and those have a size limit. */
const maxBytes = 256 * 1024

/**
 * Outgoing frames of one connection, sent together when the work that is ready now is done: one message a tick, however
 * many calls there are. Frames leave in the order in which they were added.
 */
export class FrameBatch {
  readonly #clock: Clock
  readonly #connection: Connection
  #frames: Frame[] = []
  #bytes = 0
  #isScheduled = false

  constructor(clock: Clock, connection: Connection) {
    this.#clock = clock
    this.#connection = connection
  }

  add(frame: Frame): void {
    const size = sizeOf(frame)
    if (this.#bytes + size > maxBytes) this.flush()
    this.#bytes += size
    this.#frames.push(frame)
    if (this.#frames.length >= maxFrames) this.flush()
    else this.#schedule()
  }

  /** Sends what is there, without waiting for the end of the tick. */
  flush(): void {
    if (this.#frames.length === 0) return
    const frames = this.#frames
    this.#frames = []
    this.#bytes = 0
    this.#connection.send(frames)
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#clock.defer(this.#onDefer)
  }

  // One function for the life of the batch: none is made per tick.
  readonly #onDefer = (): void => {
    this.#isScheduled = false
    this.flush()
  }
}

/** Bytes that a frame carries for the user; what surrounds them is small and bounded by the number of frames. */
function sizeOf(frame: Frame): number {
  switch (frame.kind) {
    case 'request':
      return frame.payload.byteLength + (frame.resume?.last?.byteLength ?? 0)
    case 'reply':
      return frame.exit.byteLength
    case 'chunk':
      return frame.values.reduce((sum, value) => sum + value.byteLength, 0)
    default:
      return 0
  }
}
