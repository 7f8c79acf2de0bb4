import { TurnoverSet } from '@cruster/sharding/extension'

/** How many executions of a runner that wait for something may have their bodies in memory. */
const defaultLimit = 1000

/** An execution at rest. */
export interface Resting {
  /** Lets everything go that can be read again. */
  forget(): void
}

/** Executions at rest whose bodies are in memory. Beyond a number the ones that have rested longest are let go. */
export class RestingRuns {
  readonly #limit: number
  readonly #resting = new TurnoverSet<Resting>()

  constructor(limit = defaultLimit) {
    this.#limit = limit
  }

  add(core: Resting): void {
    this.#resting.delete(core)
    this.#resting.add(core)
    if (this.#resting.size <= this.#limit) return
    const [oldest] = this.#resting
    if (oldest === undefined) return
    this.#resting.delete(oldest)
    oldest.forget()
  }

  delete(core: Resting): void {
    this.#resting.delete(core)
  }
}
