/** A map whose changes can be taken back to where they were last kept. */
export class UndoableMap<Key, Value> {
  readonly #values = new Map<Key, Value>()
  readonly #changes: { readonly key: Key; readonly before: Value | undefined }[] = []

  get(key: Key): Value | undefined {
    return this.#values.get(key)
  }

  set(key: Key, value: Value): void {
    this.#changes.push({ key, before: this.#values.get(key) })
    this.#values.set(key, value)
  }

  values(): IterableIterator<Value> {
    return this.#values.values()
  }

  entries(): IterableIterator<[Key, Value]> {
    return this.#values.entries()
  }

  /** From here on, {@link undo} goes back to here. */
  keep(): void {
    this.#changes.length = 0
  }

  undo(): void {
    for (const { key, before } of this.#changes.toReversed()) {
      if (before === undefined) this.#values.delete(key)
      else this.#values.set(key, before)
    }
    this.#changes.length = 0
  }
}
