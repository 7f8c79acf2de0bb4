import type { Duration } from '@cruster/core'
import { parseDuration } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import type { Clock } from '@cruster/core/ports'
import { WaitFailed } from './wait-failed.ts'

/** Virtual time goes on at most this far between two looks at a condition, and not at all beyond the next timer. */
const longestStepMs = 100
/** Real time between two looks. */
const realStepMs = 2
/** Steps without which a wait that moves no time would not end. */
const mostSteps = 200_000

/** How long a wait may last, in the time of its clock. */
export interface WaitOptions {
  /** Default 5 minutes of virtual time, or 20 s of real time. */
  readonly within?: Duration
}

/** Lets time pass until something has come about. */
export class PassingTime {
  readonly #clock: Clock
  readonly #picture: () => string

  /** @param picture - shows what there is to see, for the message of a wait that failed. */
  constructor(clock: Clock, picture: () => string) {
    this.#clock = clock
    this.#picture = picture
  }

  /** Resolves as soon as the condition holds. A condition that throws does not hold. */
  async until(what: string, condition: () => boolean | Promise<boolean>, options: WaitOptions = {}): Promise<void> {
    const withinMs = parseDuration(options.within ?? this.#patience, 'within')
    const end = this.#clock.monotonic() + withinMs
    const look = new Look(condition)
    await this.#pause(0)
    for (let steps = 0; !look.again(); steps += 1) {
      if (this.#clock.monotonic() >= end || steps === mostSteps) {
        throw new WaitFailed(what, this.#picture(), { cause: look.thrown })
      }
      await this.#step()
    }
  }

  /** The outcome of some work, for which time passes as long as it needs. */
  async settled<T>(work: Promise<T>, what = 'the end of some work', options: WaitOptions = {}): Promise<T> {
    let isOver = false
    const end = (): void => {
      isOver = true
    }
    work.then(end, end)
    await this.until(what, () => isOver, options)
    return work
  }

  get #patience(): Duration {
    return this.#clock instanceof VirtualClock ? '5 minutes' : '20s'
  }

  async #step(): Promise<void> {
    if (!(this.#clock instanceof VirtualClock)) return this.#pause(realStepMs)
    const [next = longestStepMs] = this.#clock.pendingTimers()
    await this.#pause(Math.min(Math.max(next, 0), longestStepMs))
  }

  async #pause(ms: number): Promise<void> {
    const clock = this.#clock
    if (clock instanceof VirtualClock) await clock.advance(ms)
    else await new Promise<void>((resolve) => clock.setTimer(ms, resolve))
  }
}

/** Looks at a condition, and remembers why it could not. */
class Look {
  thrown: unknown
  readonly #condition: () => boolean | Promise<boolean>
  /** A look that takes time: it is waited for before the next one. */
  #holds: boolean | 'looking' = false

  constructor(condition: () => boolean | Promise<boolean>) {
    this.#condition = condition
  }

  /** Whether the condition is known to hold. */
  again(): boolean {
    if (this.#holds === false) this.#look()
    return this.#holds === true
  }

  #look(): void {
    try {
      const found = this.#condition()
      if (typeof found === 'boolean') return this.#found(found)
      this.#holds = 'looking'
      found.then(this.#found, this.#failed)
    } catch (error) {
      this.#failed(error)
    }
  }

  readonly #found = (holds: boolean): void => {
    this.#holds = holds
    this.thrown = undefined
  }

  readonly #failed = (error: unknown): void => {
    this.#holds = false
    this.thrown = error
  }
}
