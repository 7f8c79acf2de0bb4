/** Values that leave together; `sequence` numbers the first of them. */
export interface Chunk {
  readonly sequence: number
  readonly values: readonly Uint8Array[]
}

/** How much fits into one chunk. A value larger than `bytes` travels alone. */
export interface ChunkLimits {
  readonly values: number
  readonly bytes: number
}

/**
 * The sender's account of one stream. Values are numbered from `first`; the account is three positions and a limit,
 * with the values between the first and the last position kept:
 *
 * ```
 *   acked ≤ sent ≤ end ≤ limit
 *     └ kept: may have to be sent again ┘
 * ```
 *
 * - W1 No more than the limit is ever taken in: `push` only while there is `room`, so what is kept is bounded by what the
 *   reader granted.
 * - W2 The limit never shrinks: a grant that arrives late takes nothing back.
 * - W3 Between two resumes `nextChunk` yields every value once, in order; after `resumeFrom(n)` it goes on with value n.
 *
 * Pure: no clock, no I/O. What a reader claims is believed only as far as it can be true.
 */
export class CreditWindow {
  readonly #kept: Uint8Array[] = []
  #acked: number
  #sent: number
  #limit: number

  constructor(first: number) {
    this.#acked = first
    this.#sent = first
    this.#limit = first
  }

  /** Everything before this number has arrived and is forgotten. */
  get acked(): number {
    return this.#acked
  }

  /** Number of the next value to send. */
  get sent(): number {
    return this.#sent
  }

  /** Number of the next value to take in. */
  get end(): number {
    return this.#acked + this.#kept.length
  }

  /** How many values may be taken in now. */
  get room(): number {
    return this.#limit - this.end
  }

  /** The reader has everything before `received` and can take `credit` more after it. */
  grant(received: number, credit: number): void {
    this.#limit = Math.max(this.#limit, received + credit)
    this.#forget(Math.min(received, this.#sent))
  }

  push(value: Uint8Array): void {
    this.#kept.push(value)
  }

  /** The values to send next, which count as sent from now on; undefined when all are. */
  nextChunk(limits: ChunkLimits): Chunk | undefined {
    const start = this.#sent - this.#acked
    const stop = Math.min(this.#kept.length, start + limits.values)
    const values: Uint8Array[] = []
    for (let at = start, bytes = 0; at < stop; at += 1) {
      const value = this.#kept[at]
      bytes += value?.byteLength ?? 0
      if (value === undefined || (values.length > 0 && bytes > limits.bytes)) break
      values.push(value)
    }
    if (values.length === 0) return undefined
    const chunk = { sequence: this.#sent, values }
    this.#sent += values.length
    return chunk
  }

  /**
   * The reader is back and has everything before `received`: what follows is sent again. `lost`, and nothing has
   * changed, when those values are not kept any more or never existed.
   */
  resumeFrom(received: number): 'resumed' | 'lost' {
    if (received < this.#acked || received > this.end) return 'lost'
    this.#sent = received
    this.#forget(received)
    return 'resumed'
  }

  #forget(before: number): void {
    if (before <= this.#acked) return
    this.#kept.splice(0, before - this.#acked)
    this.#acked = before
  }
}
