import type { Clock, Timer } from '@cruster/core/ports'

/** The clock of one machine: its wall clock is off by some time, and can jump. Durations are those of all. */
export class SkewedClock implements Clock {
  readonly #time: Clock
  readonly #skewMs: () => number

  constructor(time: Clock, skewMs: () => number) {
    this.#time = time
    this.#skewMs = skewMs
  }

  now(): number {
    return Math.floor(this.#time.now() + this.#skewMs())
  }

  monotonic(): number {
    return this.#time.monotonic()
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    return this.#time.setTimer(delayMs, callback)
  }

  defer(callback: () => void): void {
    this.#time.defer(callback)
  }
}
