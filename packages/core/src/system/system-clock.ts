import type { Clock, Timer } from '../ports/clock.ts'
import { TimerQueue } from '../time/timer-queue.ts'
import { DeferredCallbacks } from './deferred-callbacks.ts'
import { macrotask } from './macrotask.ts'

/** The longest delay that hosts take; a longer one fires at once. */
const longestDelayMs = 2 ** 31 - 1

/** The host's timeout for the next timer: when it was asked for, and how to give it up. */
interface Alarm {
  readonly due: number
  readonly handle: ReturnType<typeof setTimeout>
}

/**
 * The time of this machine.
 *
 * Keeps its timers itself and asks the host only for the next one. The host alone would not keep the laws: it fires timers of
 * different lengths out of order and up to a millisecond early, and runs them before what was deferred earlier.
 */
export class SystemClock implements Clock {
  readonly #timers = new TimerQueue()
  readonly #deferred = new DeferredCallbacks()
  /** `turn`: the next timer is due already and gets a turn of the event loop of its own. */
  #alarm: Alarm | 'turn' | undefined

  now(): number {
    return Date.now()
  }

  monotonic(): number {
    return performance.now()
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer = this.#timers.add(this.monotonic() + Math.max(0, delayMs), callback)
    this.#arm()
    return {
      cancel: () => {
        this.#timers.remove(timer)
        // An alarm that is too early does no harm, but one for nothing would keep the process alive.
        if (this.#timers.size === 0) this.#disarm()
      },
    }
  }

  defer(callback: () => void): void {
    this.#deferred.add(callback)
  }

  #arm(): void {
    const due = this.#timers.nextDue()
    if (due === undefined || this.#alarm === 'turn') return
    if (this.#alarm !== undefined && this.#alarm.due <= due) return
    this.#disarm()
    // Time has gone on since it was asked for, on a busy machine by more than the delay.
    const delayMs = Math.min(Math.max(0, Math.ceil(due - this.monotonic())), longestDelayMs)
    this.#alarm = { due, handle: setTimeout(() => this.#fire(), delayMs) }
  }

  #disarm(): void {
    if (this.#alarm === undefined || this.#alarm === 'turn') return
    clearTimeout(this.#alarm.handle)
    this.#alarm = undefined
  }

  #fire(): void {
    this.#alarm = 'turn'
    this.#deferred.run()
    try {
      this.#timers.takeDue(this.monotonic())?.callback()
    } finally {
      this.#scheduleNext()
    }
  }

  /** A timer that is due gets its own turn, so that promises settled by the one before it are heard first. */
  #scheduleNext(): void {
    const due = this.#timers.nextDue()
    if (due !== undefined && due <= this.monotonic()) return macrotask(() => this.#fire())
    this.#alarm = undefined
    this.#arm()
  }
}
