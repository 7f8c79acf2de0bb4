import type { ExecutionCore } from './execution-core.ts'

/** How many executions of a runner that wait for something may have their bodies in memory. */
const defaultLimit = 1000

/** Executions at rest whose bodies are in memory. Beyond a number the ones that have rested longest are let go. */
export class RestingRuns {
  readonly #limit: number
  readonly #resting = new Set<ExecutionCore>()

  constructor(limit = defaultLimit) {
    this.#limit = limit
  }

  add(core: ExecutionCore): void {
    this.#resting.delete(core)
    this.#resting.add(core)
    for (const oldest of this.#resting) {
      if (this.#resting.size <= this.#limit) return
      this.#resting.delete(oldest)
      oldest.forget()
    }
  }

  delete(core: ExecutionCore): void {
    this.#resting.delete(core)
  }
}
