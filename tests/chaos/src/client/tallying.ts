import { Tally } from '../bank/contract.ts'
import { measuredCall } from './measured-call.ts'
import type { Means } from './transferring.ts'

/**
 * One caller's count of what it did. Nobody else touches it, so every answer must lie between what the caller knows and what
 * may have happened, and no answer may be smaller than one before it.
 */
export class Tallying {
  readonly id: string
  readonly #means: Means
  /** Additions of which the caller has seen the effect. */
  atLeast = 0
  /** Those and all that may have happened, or may still. */
  atMost = 0

  constructor(id: string, means: Means) {
    this.id = id
    this.#means = means
  }

  /** Adds one; a call without a key, which the framework itself must not make twice. */
  async add(onBegin: () => void): Promise<void> {
    const before = this.atLeast
    this.atMost += 1
    onBegin()
    const result = await this.#call('add', (timeout) => this.#tally.add(undefined, { timeout }))
    if (result.kind === 'ok') this.#see('add', result.value, before + 1)
    if (result.kind === 'notStarted') this.atMost -= 1
    onBegin()
  }

  /** Reads: what the caller has seen must still be there. */
  async read(): Promise<void> {
    const result = await this.#call('read', (timeout) => this.#tally.read(undefined, { timeout }))
    if (result.kind === 'ok') this.#see('read', result.value, this.atLeast)
  }

  #see(what: string, value: number, atLeast: number): void {
    if (value < atLeast || value > this.atMost) {
      this.#means.wrong(`${this.id}: ${what} gave ${value}, which must be from ${atLeast} to ${this.atMost}.`)
    }
    this.atLeast = Math.max(this.atLeast, value)
  }

  async #call(what: string, call: (timeout: number) => Promise<number>) {
    const { dice, report, wrong } = this.#means
    const result = await measuredCall({ what, timeoutMs: dice.whole(1500, 8000) }, call, report)
    if (result.kind === 'wrong') wrong(`${this.id}: ${what} ended with an error that it cannot have: ${result.text}`)
    return result
  }

  get #tally() {
    return this.#means.client(Tally).get(this.id)
  }
}
