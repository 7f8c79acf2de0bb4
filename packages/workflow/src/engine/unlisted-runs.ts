import type { Clock, Timer } from '@cruster/core/ports'
import { TurnoverSet } from '@cruster/sharding/extension'

/** Between two looks, in milliseconds. Whoever is met twice has been there for one of these, and for two at most. */
const defaultPeriodMs = 500

/** An execution at work that may not be listed. */
export interface Unlisted {
  /** Asks it to be listed soon. */
  list(): void
}

/**
 * Executions of a runner that are at work and may not be listed. Those that are at work for longer are asked to be. One timer for all,
 * which is set only while there are some, and no time is noted: most have ended long before.
 */
export class UnlistedRuns {
  readonly #clock: Clock
  readonly #periodMs: number
  #new = new TurnoverSet<Unlisted>()
  /** Those that were there at the last look. */
  #known = new TurnoverSet<Unlisted>()
  #timer: Timer | undefined

  constructor(clock: Clock, periodMs = defaultPeriodMs) {
    this.#clock = clock
    this.#periodMs = periodMs
  }

  add(run: Unlisted): void {
    this.#new.add(run)
    this.#timer ??= this.#nextLook()
  }

  delete(run: Unlisted): void {
    if (!this.#new.delete(run) && !this.#known.delete(run)) return
    if (this.#new.size + this.#known.size > 0) return
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #nextLook(): Timer {
    return this.#clock.setTimer(this.#periodMs, () => {
      this.#look()
    })
  }

  #look(): void {
    const late = this.#known
    this.#known = this.#new
    this.#new = new TurnoverSet()
    this.#timer = this.#known.size > 0 ? this.#nextLook() : undefined
    for (const run of late) run.list()
  }
}
