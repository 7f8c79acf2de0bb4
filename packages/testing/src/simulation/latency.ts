import type { Clock } from '@cruster/core/ports'
import type { Dice } from './dice.ts'

/** How long things take: mostly nothing or a moment, now and then long. In milliseconds. */
export interface LatencyProfile {
  readonly usualMs: number
  readonly slowMs: number
  /** How often it is slow. */
  readonly slowRate: number
}

/** Draws how long each step takes. */
export class Latency {
  readonly #clock: Clock
  readonly #dice: Dice
  readonly #profile: LatencyProfile

  constructor(clock: Clock, dice: Dice, profile: LatencyProfile) {
    this.#clock = clock
    this.#dice = dice
    this.#profile = profile
  }

  /** 0 for a third of the steps: those that meet at one moment meet in the order in which they came. */
  drawMs(): number {
    const { usualMs, slowMs, slowRate } = this.#profile
    if (this.#dice.chance(slowRate)) return this.#dice.between(usualMs, slowMs)
    return this.#dice.chance(1 / 3) ? 0 : this.#dice.between(0, usualMs)
  }

  async pass(): Promise<void> {
    const ms = this.drawMs()
    if (ms > 0) await new Promise<void>((resolve) => this.#clock.setTimer(ms, resolve))
  }
}
