/** What is undone in: a Map, or one with keys that a Map does not have. */
interface Values<Key, Value> {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): unknown
  delete(key: Key): unknown
  values(): Iterable<Value>
}

/** A map whose changes can be taken back to where they were last kept. */
export class UndoableMap<Key, Value> {
  readonly #values: Values<Key, Value>
  /** What was changed, and what was there before: the first `#count`, the others are left over. */
  readonly #keys: Key[] = []
  readonly #before: (Value | undefined)[] = []
  #count = 0

  constructor(values: Values<Key, Value> = new Map<Key, Value>()) {
    this.#values = values
  }

  get(key: Key): Value | undefined {
    return this.#values.get(key)
  }

  set(key: Key, value: Value): void {
    this.#keys[this.#count] = key
    this.#before[this.#count] = this.#values.get(key)
    this.#count++
    this.#values.set(key, value)
  }

  values(): readonly Value[] {
    return Array.from(this.#values.values())
  }

  /** From here on, {@link undo} goes back to here. */
  keep(): void {
    this.#count = 0
  }

  undo(): void {
    while (this.#count > 0) {
      this.#count--
      const before = this.#before[this.#count]
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as many keys as are counted
      const key = this.#keys[this.#count] as Key
      if (before === undefined) this.#values.delete(key)
      else this.#values.set(key, before)
    }
  }
}
