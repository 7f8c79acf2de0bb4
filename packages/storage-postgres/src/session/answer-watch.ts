import type { Clock, Timer } from '@cruster/core/ports'

/** What is watched, and what is to be done when it takes too long. */
export interface AnswerWatchOptions {
  readonly clock: Clock
  /** How long the other side may say nothing while it owes an answer. */
  readonly timeoutMs: number
  readonly onSilence: (error: NoAnswer) => void
}

/** Nobody knows what became of the question. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'

  constructor(silentMs: number) {
    super(`PostgreSQL owes an answer and has said nothing for ${Math.round(silentMs)} ms: the connection was given up`)
  }
}

/**
 * Watches a connection on which questions are answered in their order, for one that is silent while it owes an answer: the server is
 * gone, or the way to it.
 *
 * One timer for all questions, looked at when it fires. A timer for each one, as the client `pg` would have it, costs more than sending the question;
 * and its closures, which know the one before, kept all questions since the last full collection in memory.
 */
export class AnswerWatch {
  readonly #options: AnswerWatchOptions
  #owed = 0
  #heardAt = 0
  #timer: Timer | undefined

  constructor(options: AnswerWatchOptions) {
    this.#options = options
  }

  asked(): void {
    const { clock, timeoutMs } = this.#options
    if (this.#owed === 0) this.#heardAt = clock.monotonic()
    this.#owed += 1
    this.#timer ??= clock.setTimer(timeoutMs, () => this.#look())
  }

  answered(): void {
    this.#owed -= 1
    this.#heardAt = this.#options.clock.monotonic()
  }

  /** The connection is closed. */
  close(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #look(): void {
    this.#timer = undefined
    if (this.#owed === 0) return
    const { clock, timeoutMs, onSilence } = this.#options
    const silentMs = clock.monotonic() - this.#heardAt
    if (silentMs >= timeoutMs) return onSilence(new NoAnswer(silentMs))
    this.#timer = clock.setTimer(timeoutMs - silentMs, () => this.#look())
  }
}
