import type { Clock, Timer } from '@cruster/core/ports'

interface Waiting<Item> {
  readonly until: number
  readonly resolve: (item: Item) => void
  readonly reject: (error: Error) => void
}

/** What was waited for did not come. */
class NoneFree extends Error {
  override readonly name = 'NoneFree'

  constructor(waitedMs: number) {
    super(`no connection was free for ${waitedMs} ms`)
  }
}

/**
 * Those who wait for something of which there is not enough, in the order in which they came. All wait equally long, so one
 * timer is enough for the first of them.
 */
export class WaitingLine<Item> {
  readonly #clock: Clock
  readonly #patienceMs: number
  readonly #waiting: Waiting<Item>[] = []
  #timer: Timer | undefined

  constructor(clock: Clock, patienceMs: number) {
    this.#clock = clock
    this.#patienceMs = patienceMs
  }

  /** Rejects when nothing came for too long. */
  wait(): Promise<Item> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ until: this.#clock.monotonic() + this.#patienceMs, resolve, reject })
      this.#timer ??= this.#clock.setTimer(this.#patienceMs, this.#look)
    })
  }

  /** Takes the first out of the line. */
  next(): Pick<Waiting<Item>, 'resolve' | 'reject'> | undefined {
    return this.#waiting.shift()
  }

  /** Nobody will wait any more. */
  close(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  readonly #look = (): void => {
    this.#timer = undefined
    const now = this.#clock.monotonic()
    const first = this.#waiting.findIndex(({ until }) => until > now)
    const late = this.#waiting.splice(0, first < 0 ? this.#waiting.length : first)
    for (const { reject } of late) reject(new NoneFree(this.#patienceMs))
    const [next] = this.#waiting
    if (next !== undefined) this.#timer ??= this.#clock.setTimer(next.until - now, this.#look)
  }
}
