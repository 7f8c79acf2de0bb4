import type { Clock, Timer } from '@cruster/core/ports'

/** A callback that waits for its time, or for the clock to go on. */
interface Waiting {
  readonly callback: () => void
  timer: Timer | undefined
}

const noTimer: Timer = { cancel: () => {} }

/**
 * The clock of one runner among many on the same time. While it is paused, timers and deferred callbacks wait, as in a process
 * that the system has stopped; afterwards the time has jumped, and they follow in their order.
 */
export class PausableClock implements Clock {
  readonly #time: Clock
  readonly #waiting = new Set<Waiting>()
  #held: Waiting[] = []
  #phase: 'running' | 'paused' | 'stopped' = 'running'

  constructor(time: Clock) {
    this.#time = time
  }

  now(): number {
    return this.#time.now()
  }

  monotonic(): number {
    return this.#time.monotonic()
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    if (this.#phase === 'stopped') return noTimer
    const waiting: Waiting = { callback, timer: undefined }
    this.#waiting.add(waiting)
    this.#arm(waiting, delayMs)
    return {
      cancel: () => {
        this.#waiting.delete(waiting)
        waiting.timer?.cancel()
      },
    }
  }

  defer(callback: () => void): void {
    if (this.#phase === 'stopped') return
    const waiting: Waiting = { callback, timer: undefined }
    this.#waiting.add(waiting)
    this.#time.defer(() => this.#run(waiting))
  }

  pause(): void {
    if (this.#phase === 'running') this.#phase = 'paused'
  }

  resume(): void {
    if (this.#phase !== 'paused') return
    this.#phase = 'running'
    const held = this.#held
    this.#held = []
    for (const waiting of held) if (this.#waiting.has(waiting)) this.#arm(waiting, 0)
  }

  /** Ends it for good: nothing that waits, or will be asked for, ever runs. */
  stop(): void {
    this.#phase = 'stopped'
    this.#held = []
    for (const { timer } of this.#waiting) timer?.cancel()
    this.#waiting.clear()
  }

  #arm(waiting: Waiting, delayMs: number): void {
    waiting.timer = this.#time.setTimer(delayMs, () => this.#run(waiting))
  }

  #run(waiting: Waiting): void {
    if (this.#phase === 'paused') this.#held.push(waiting)
    else if (this.#waiting.delete(waiting)) waiting.callback()
  }
}
