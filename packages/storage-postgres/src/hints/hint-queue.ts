import type { ShardId } from '@cruster/core'

type Hint = ReadonlyMap<ShardId, number>

/** Hints that wait to be taken, merged into one, so that a slow watcher costs no memory. Ends with its signal. */
export class HintQueue {
  readonly #signal: AbortSignal
  #waiting = new Map<ShardId, number>()
  #wake: (() => void) | undefined

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.#wake?.(), { once: true })
  }

  add(hint: Hint): void {
    for (const [shard, sequence] of hint) this.#waiting.set(shard, Math.max(this.#waiting.get(shard) ?? 0, sequence))
    this.#wake?.()
  }

  /** Waits for hints. Undefined when the signal has aborted. */
  async next(): Promise<Hint | undefined> {
    while (this.#waiting.size === 0 && !this.#signal.aborted) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    if (this.#signal.aborted) return undefined
    const hint = this.#waiting
    this.#waiting = new Map()
    return hint
  }
}
