import type { Clock, Timer } from '../ports/clock.ts'
import type { Frame } from '../ports/frame.ts'
import type { DeliveryFate } from './fault-plan.ts'

/** Where a pipe leads, and what may happen on the way. */
export interface PipeRoute {
  readonly clock: Clock
  isBlocked(): boolean
  fate(frames: readonly Frame[]): DeliveryFate | undefined
  arrive(frames: readonly Frame[]): void
  /** The sender has closed, and all it sent has arrived. */
  finish(): void
  breakDown(): void
}

/**
 * One direction of a line. Frames sent in one turn travel as one batch, and one batch travels at a time, so none overtakes
 * another. While the way is blocked they wait, as in the buffers of a network stack.
 */
export class MemoryPipe {
  readonly #route: PipeRoute
  #waiting: Frame[] = []
  #isFinished = false
  #isMoving = false
  #isStopped = false
  #delay: Timer | undefined

  constructor(route: PipeRoute) {
    this.#route = route
  }

  send(frames: readonly Frame[]): void {
    if (this.#isFinished || frames.length === 0) return
    for (const frame of frames) this.#waiting.push(frame)
    this.flush()
  }

  /** Sends the end of the line behind all frames. */
  finish(): void {
    this.#isFinished = true
    this.flush()
  }

  /** Sets out with what is waiting, unless something is on its way already. */
  flush(): void {
    if (this.#isMoving || this.#isStopped || (this.#waiting.length === 0 && !this.#isFinished)) return
    this.#isMoving = true
    this.#route.clock.defer(() => this.#setOut())
  }

  /** Nothing arrives any more. */
  stop(): void {
    this.#isStopped = true
    this.#waiting = []
    this.#delay?.cancel()
  }

  #setOut(): void {
    const fate = this.#isStopped || this.#waiting.length === 0 ? undefined : this.#route.fate(this.#waiting)
    if (fate?.kind === 'broken') return this.#route.breakDown()
    const count = this.#waiting.length
    if (fate === undefined) return this.#arrive(count)
    this.#delay = this.#route.clock.setTimer(fate.delayMs, () => this.#arrive(count))
  }

  #arrive(count: number): void {
    this.#isMoving = false
    if (this.#isStopped || this.#route.isBlocked()) return
    const batch = this.#waiting.splice(0, count)
    if (batch.length > 0) this.#route.arrive(batch)
    if (this.#waiting.length > 0) this.flush()
    else if (this.#isFinished) this.#route.finish()
  }
}
