import { TurnoverMap } from './turnover-map.ts'

/** A set that lives long and whose values come and go: what {@link TurnoverMap} is to a map. */
export class TurnoverSet<Value> implements Iterable<Value> {
  readonly #values = new TurnoverMap<Value, undefined>()

  get size(): number {
    return this.#values.size
  }

  has(value: Value): boolean {
    return this.#values.has(value)
  }

  add(value: Value): this {
    this.#values.set(value, undefined)
    return this
  }

  /** True when it was there. */
  delete(value: Value): boolean {
    return this.#values.delete(value)
  }

  clear(): void {
    this.#values.clear()
  }

  [Symbol.iterator](): Generator<Value, undefined> {
    return this.#values.keys()
  }
}
