import type { Clock } from '@cruster/core/ports'
import type { NativeCall } from '@cruster/sharding/extension'
import type { ResultAnswer } from '../protocol/result.ts'

/** Callers that wait for the end of an execution. */
export class ResultWaiters {
  readonly #clock: Clock
  /** Mostly one: a list is cheaper than a set then. */
  #waiting: ((answer: ResultAnswer) => void)[] = []
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

  /** Resolves at the end, or to `otherwise` when the time is over or the call is stopped. */
  wait(
    waitMs: number,
    call: Pick<NativeCall, 'isStopped' | 'onStop'>,
    otherwise: ResultAnswer,
  ): ResultAnswer | Promise<ResultAnswer> {
    if (waitMs <= 0 || call.isStopped) return otherwise
    return new Promise((resolve) => {
      const end = (answer: ResultAnswer): void => {
        timer.cancel()
        resolve(answer)
      }
      const giveUp = (): void => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== end)
        end(otherwise)
      }
      const timer = this.#clock.setTimer(waitMs, giveUp)
      call.onStop(giveUp)
      this.#waiting.push(end)
    })
  }

  answer(answer: ResultAnswer): void {
    this.#answered += 1
    if (answer.kind === 'ended' && this.#waiting.length > 0) this.#haveHeard = true
    const waiting = this.#waiting
    this.#waiting = []
    for (const end of waiting) end(answer)
  }
}
