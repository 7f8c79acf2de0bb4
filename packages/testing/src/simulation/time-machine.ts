import type { VirtualClock } from '@cruster/core/memory'

const stepMs = 100

/** Lets virtual time pass for as long as something needs. */
export class TimeMachine {
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  /** True as soon as the condition holds, false when it does not within the time. */
  async until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
    const end = this.#clock.monotonic() + withinMs
    await this.#clock.runUntilIdle()
    while (!(await condition())) {
      if (this.#clock.monotonic() >= end) return false
      await this.#clock.advance(stepMs)
    }
    return true
  }

  /** Whether the work has ended within the time, well or badly. */
  async ends(work: Promise<unknown>, withinMs: number): Promise<boolean> {
    let isOver = false
    const end = (): void => {
      isOver = true
    }
    work.then(end, end)
    return this.until(() => isOver, withinMs)
  }

  async pass(ms: number): Promise<void> {
    await this.#clock.advance(ms)
  }
}
