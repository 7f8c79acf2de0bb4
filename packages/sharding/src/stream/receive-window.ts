import type { StreamPosition } from '@cruster/core/ports'

/** What the sender is told: everything before `received` is here, `credit` more can be taken. */
export interface Grant {
  readonly received: number
  readonly credit: number
}

/**
 * The reader's account of one stream: the values that wait for the consumer, and what to tell the sender about them.
 *
 * - V1 `take` yields every value once, in order, however often and on however many lines it was sent.
 * - V2 As long as the sender keeps to its grants, at most `capacity` values wait.
 * - V3 A grant is due when half of the capacity was consumed since the last one: few frames, and never an empty line.
 *
 * Pure: no clock, no I/O.
 */
export class ReceiveWindow {
  readonly #capacity: number
  readonly #waiting: Uint8Array[] = []
  #received = 0
  #last: Uint8Array | undefined
  #freed = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** How far the values have arrived. Where another line has to go on. */
  get position(): StreamPosition {
    return { received: this.#received, last: this.#last }
  }

  /** Takes values in, without those that are here already. `gap`, and nothing has changed, when some are missing. */
  add(sequence: number, values: readonly Uint8Array[]): 'added' | 'gap' {
    if (sequence > this.#received) return 'gap'
    for (const value of values.slice(this.#received - sequence)) {
      this.#waiting.push(value)
      this.#received += 1
      this.#last = value
    }
    return 'added'
  }

  /** The next value, consumed from now on. */
  take(): Uint8Array | undefined {
    const value = this.#waiting.shift()
    if (value !== undefined) this.#freed += 1
    return value
  }

  /** All the room there is, which counts as told to the sender. */
  grant(): Grant {
    this.#freed = 0
    return { received: this.#received, credit: this.#capacity - this.#waiting.length }
  }

  /** The same, if it is worth a frame. */
  grantIfDue(): Grant | undefined {
    return this.#freed * 2 >= this.#capacity ? this.grant() : undefined
  }

  /** The consumer has gone. */
  clear(): void {
    this.#waiting.length = 0
  }
}
