import type { EntityAddress } from '@cruster/core'
import type { Clock, Timer } from '@cruster/core/ports'
import type { OpenCall, OwnerHint, ReplySink } from '../connection/endpoint.ts'
import type { ChunkLimits } from './credit-window.ts'
import { CreditWindow } from './credit-window.ts'

export interface StreamSourceOptions {
  /** What the handler yields, encoded. Iterated once, from the first attachment on. */
  readonly values: AsyncIterable<Uint8Array>
  readonly clock: Clock
  /** How long the stream waits for a reader whose line broke before it is cancelled. */
  readonly resumeWithinMs: number
  /** Number of the first value: what the reader had from a former owner, else 0. */
  readonly firstSequence: number
  /** The exit when the values end. */
  readonly success: Uint8Array
  /** The exit when they end with an error. Never throws. */
  readonly failure: (error: unknown) => Uint8Array
  /** Nothing can be asked of this source any more: forget it. Called once. */
  readonly onEnd: () => void
}

/** What a source calls of its reader's sink. */
export type StreamSink = Pick<ReplySink, 'reply' | 'notMine' | 'chunk'>

/** What a reader has, and how many values it can take after that. */
export interface ReaderPosition {
  readonly received: number
  readonly credit: number
}

/** A chunk is one frame among others of a tick: small enough not to delay them, large enough to be worth a frame. */
const chunkLimits: ChunkLimits = { values: 256, bytes: 64 * 1024 }

interface Attachment {
  readonly sink: StreamSink
}

/**
 * The owner's side of one stream.
 *
 * - V1 A value is pulled only while the reader has room for it: at most its credit of values is in memory here.
 * - V2 Values that are ready within a tick leave together; the exit leaves after the last of them.
 * - V3 The reader may come back on another line and goes on where it was, without a gap or a repetition, as long as
 *   `resumeWithinMs` has not passed since it was there. That holds after the exit too: it may have been lost on its way.
 * - V4 The iterator is always closed: at its own end, or by `return` when the stream is cancelled.
 *
 * The stream ends when it is cancelled or when nobody has come back in time; then `onEnd` is called.
 */
export class StreamSource {
  readonly #options: StreamSourceOptions
  readonly #window: CreditWindow
  #iterator: AsyncIterator<Uint8Array> | undefined
  #attachment: Attachment | undefined
  /** Set when the iterator has ended: what the reader hears after the last value. */
  #exit: Uint8Array | undefined
  #isCancelled = false
  #closing: Promise<void> | undefined
  #wakePump: (() => void) | undefined
  #timer: Timer | undefined
  #isScheduled = false

  constructor(options: StreamSourceOptions) {
    this.#options = options
    this.#window = new CreditWindow(options.firstSequence)
  }

  /**
   * Sends to this sink from now on, in place of an earlier one. `lost`, and nothing has changed, when the stream is
   * cancelled or does not have the values after the reader's position any more.
   */
  attach(sink: StreamSink, position: ReaderPosition): OpenCall | 'lost' {
    if (this.#isCancelled || this.#window.resumeFrom(position.received) === 'lost') return 'lost'
    const attachment = { sink }
    this.#attachment = attachment
    this.#timer?.cancel()
    this.#grant(position.received, position.credit)
    this.#schedule()
    if (this.#iterator === undefined && this.#exit === undefined) void this.#pump()
    return this.#callOf(attachment)
  }

  /** Sends the reader, if it is there, to the next owner, and ends the stream here. What it lacks it will ask for there. */
  async handOver(address: EntityAddress, owner: OwnerHint | undefined): Promise<void> {
    const sink = this.#attachment?.sink
    const closed = this.cancel()
    sink?.notMine(address, owner)
    await closed
  }

  /** Ends the stream; its sink hears nothing more. Resolves when the iterator is closed, whatever it throws. */
  async cancel(): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
  }

  /** An attachment that was replaced has no say any more: its line may break long after the reader came back. */
  #callOf(attachment: Attachment): OpenCall {
    const isCurrent = (): boolean => this.#attachment === attachment
    return {
      cancel: () => {
        if (isCurrent()) void this.cancel()
      },
      credit: (received, credit) => {
        if (isCurrent()) this.#grant(received, credit)
      },
      disconnect: () => {
        if (isCurrent()) this.#awaitReturn()
      },
    }
  }

  #grant(received: number, credit: number): void {
    this.#window.grant(received, credit)
    this.#wakePump?.()
  }

  #awaitReturn(): void {
    this.#attachment = undefined
    this.#timer = this.#options.clock.setTimer(this.#options.resumeWithinMs, () => void this.cancel())
  }

  async #pump(): Promise<void> {
    const { values, success, failure } = this.#options
    try {
      this.#iterator = values[Symbol.asyncIterator]()
      while (await this.#pull(this.#iterator));
      this.#exit = success
    } catch (error) {
      if (!this.#isCancelled) this.#exit = failure(error)
    }
    this.#schedule()
  }

  /** Takes one value, when there is room for it. False at the end. */
  async #pull(iterator: AsyncIterator<Uint8Array>): Promise<boolean> {
    while (this.#window.room <= 0 && !this.#isCancelled) await this.#granted()
    if (this.#isCancelled) return false
    const next = await iterator.next()
    if (next.done === true) return false
    this.#window.push(next.value)
    this.#schedule()
    return true
  }

  async #granted(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wakePump = resolve
    })
    this.#wakePump = undefined
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#options.clock.defer(() => {
      this.#isScheduled = false
      this.#send()
    })
  }

  #send(): void {
    const sink = this.#attachment?.sink
    if (sink === undefined) return
    for (let chunk = this.#window.nextChunk(chunkLimits); chunk; chunk = this.#window.nextChunk(chunkLimits)) {
      sink.chunk(chunk.sequence, chunk.values)
    }
    if (this.#exit === undefined) return
    this.#awaitReturn()
    sink.reply(this.#exit)
  }

  async #close(): Promise<void> {
    this.#isCancelled = true
    const hasEnded = this.#exit !== undefined
    this.#attachment = undefined
    this.#timer?.cancel()
    this.#options.onEnd()
    this.#wakePump?.()
    try {
      if (!hasEnded) await this.#iterator?.return?.()
    } catch {
      // Nobody is left who could be told; the handler's own clean-up has run.
    }
  }
}
