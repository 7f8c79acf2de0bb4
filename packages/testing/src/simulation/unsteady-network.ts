import type { DeliveryFate, FaultPlan } from '@cruster/core/memory'
import type { Dice } from './dice.ts'
import type { Latency } from './latency.ts'

/** A network on which every batch of frames takes its time, and a line breaks now and then. */
export class UnsteadyNetwork implements FaultPlan {
  readonly #latency: Latency
  readonly #dice: Dice
  readonly #breakRate: () => number

  constructor(latency: Latency, dice: Dice, breakRate: () => number) {
    this.#latency = latency
    this.#dice = dice
    this.#breakRate = breakRate
  }

  deliver(): DeliveryFate | undefined {
    const rate = this.#breakRate()
    if (rate > 0 && this.#dice.chance(rate)) return { kind: 'broken' }
    const delayMs = this.#latency.drawMs()
    return delayMs === 0 ? undefined : { kind: 'delayed', delayMs }
  }
}
