/**
 * Hands items from a writer to one reader, in order. The reader gets everything that has come since it last looked as one
 * batch; after the end it gets what is left, then stops.
 */
export class BatchQueue<Item> implements AsyncIterable<readonly Item[]> {
  #items: Item[] = []
  #isEnded = false
  #wake = (): void => {}

  /** Does nothing after the end. */
  push(items: readonly Item[]): void {
    if (this.#isEnded) return
    // Not push(...items): a long list would not fit on the stack.
    for (const item of items) this.#items.push(item)
    this.#wake()
  }

  end(): void {
    this.#isEnded = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Item[], void, undefined> {
    while (this.#items.length > 0 || !this.#isEnded) {
      if (this.#items.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve))
      const batch = this.#items
      this.#items = []
      if (batch.length > 0) yield batch
    }
  }
}
