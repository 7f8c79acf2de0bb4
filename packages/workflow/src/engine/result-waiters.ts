import type { Clock } from '@cruster/core/ports'
import type { ResultAnswer } from '../protocol/result.ts'

/** Callers that wait for the end of an execution. */
export class ResultWaiters {
  readonly #clock: Clock
  readonly #waiting = new Set<(answer: ResultAnswer) => void>()
  #answered = 0
  #haveHeard = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How many answers there were: who looked something up meanwhile has to look again when it changes. */
  get answered(): number {
    return this.#answered
  }

  /** Somebody waited and was told of the end. */
  get haveHeard(): boolean {
    return this.#haveHeard
  }

  /** Resolves at the end, or to `otherwise` when the time is over or the signal aborts. */
  wait(waitMs: number, signal: AbortSignal, otherwise: ResultAnswer): Promise<ResultAnswer> {
    if (waitMs <= 0 || signal.aborted) return Promise.resolve(otherwise)
    return new Promise((resolve) => {
      const end = (answer: ResultAnswer): void => {
        timer.cancel()
        signal.removeEventListener('abort', giveUp)
        this.#waiting.delete(end)
        resolve(answer)
      }
      const giveUp = (): void => {
        end(otherwise)
      }
      const timer = this.#clock.setTimer(waitMs, giveUp)
      signal.addEventListener('abort', giveUp)
      this.#waiting.add(end)
    })
  }

  answer(answer: ResultAnswer): void {
    this.#answered += 1
    if (answer.kind === 'ended' && this.#waiting.size > 0) this.#haveHeard = true
    for (const end of this.#waiting) end(answer)
  }
}
