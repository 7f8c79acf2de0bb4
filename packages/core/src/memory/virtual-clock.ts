import type { Clock, Timer } from '../ports/clock.ts'
import { DeferredCallbacks } from '../system/deferred-callbacks.ts'
import { macrotask } from '../system/macrotask.ts'
import type { Duration } from '../time/duration.ts'
import { parseDuration } from '../time/duration.ts'
import { TimerQueue } from '../time/timer-queue.ts'

/** Turns of the real event loop in which nothing was deferred, before all work counts as done. */
const quietTurns = 2

/** How a {@link VirtualClock} is made. */
export interface VirtualClockOptions {
  /** Wall clock at the start, in milliseconds since 1970. Default 2026-01-01T00:00:00Z. */
  readonly now?: number
}

/**
 * Time that moves only when it is told to, so that hours pass in milliseconds and every run is like the one before.
 *
 * Deferred callbacks and promises need no advance: they run by themselves. Timers fire only in {@link advance}, one by one,
 * and all work that a timer makes ready is done before the next one fires. Work counts as done when no microtask is left and
 * nothing is deferred; that leaves out what waits for the world outside, a file or a socket.
 */
export class VirtualClock implements Clock {
  readonly #timers = new TimerQueue()
  readonly #deferred = new DeferredCallbacks()
  #wallOffset: number
  #monotonic = 0
  #lastAdvance: Promise<void> = Promise.resolve()

  constructor(options: VirtualClockOptions = {}) {
    this.#wallOffset = options.now ?? Date.UTC(2026, 0)
  }

  now(): number {
    return this.#wallOffset + this.#monotonic
  }

  monotonic(): number {
    return this.#monotonic
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer = this.#timers.add(this.#monotonic + Math.max(0, delayMs), callback)
    return { cancel: () => this.#timers.remove(timer) }
  }

  defer(callback: () => void): void {
    this.#deferred.add(callback)
  }

  /**
   * Lets time pass. Resolves when everything that was due has fired and the work it made ready is done; rejects with what a
   * timer threw. Calls follow one another; a timer that awaits one waits for ever.
   */
  async advance(duration: Duration): Promise<void> {
    const ms = parseDuration(duration, 'time to advance a virtual clock by')
    const advance = this.#lastAdvance.then(() => this.#advanceTo(this.#monotonic + ms))
    // A failure belongs to its caller, not to the next one in line.
    this.#lastAdvance = advance.catch(() => {})
    await advance
  }

  /** Lets all work that is ready finish without moving time. */
  async runUntilIdle(): Promise<void> {
    await this.advance(0)
  }

  /** Sets the wall clock forward, or back by a negative number, as an administrator would. Durations are not affected. */
  jumpWallClock(ms: number): void {
    this.#wallOffset += ms
  }

  /** In how many milliseconds each pending timer is due, soonest first. Empty when nothing has been left behind. */
  pendingTimers(): readonly number[] {
    return this.#timers.dueTimes().map((due) => due - this.#monotonic)
  }

  async #advanceTo(target: number): Promise<void> {
    await this.#settle()
    for (let timer = this.#timers.takeDue(target); timer !== undefined; timer = this.#timers.takeDue(target)) {
      this.#monotonic = timer.due
      timer.callback()
      await this.#settle()
    }
    this.#monotonic = target
  }

  async #settle(): Promise<void> {
    let quiet = 0
    while (quiet < quietTurns) {
      // A turn of the event loop begins only when no microtask is left.
      await new Promise<void>(macrotask)
      quiet = this.#deferred.isEmpty ? quiet + 1 : 0
    }
  }
}
