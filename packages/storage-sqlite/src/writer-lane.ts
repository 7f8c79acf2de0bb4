/** Lets the next one in. Must be called exactly once. */
export type Leave = () => void

/**
 * Who may write now: one at a time, in the order of entering. SQLite has a single writer, and the only connection is
 * shared by group commits, which hold the lane for one synchronous step, and user transactions, which hold it longer.
 */
export class WriterLane {
  readonly #waiting: ((leave: Leave) => void)[] = []
  #isTaken = false

  /** Calls `start` when all who entered before have left: synchronously when the lane is free. */
  enter(start: (leave: Leave) => void): void {
    if (this.#isTaken) this.#waiting.push(start)
    else this.#admit(start)
  }

  #admit(start: (leave: Leave) => void): void {
    this.#isTaken = true
    start(() => {
      this.#isTaken = false
      const next = this.#waiting.shift()
      if (next !== undefined) this.#admit(next)
    })
  }
}
