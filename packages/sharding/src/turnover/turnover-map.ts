/** A table of V8 has room for so many entries at least. */
const smallestRoom = 4

/** What all maps without entries have. Nobody writes into it. */
const nothing: ReadonlyMap<never, never> = new Map<never, never>()

/**
 * A map that lives long and whose entries come and go, such as the calls that are under way.
 *
 * A `Map` keeps what was in it: V8 gives it a new table each time the old one is full or nearly empty, and each table knows the next.
 * A table that has become old is collected by a full collection only; until then it keeps the tables after it, with everything that was in them,
 * through all quick collections. With workflows that was all 27 kB of each of them: copied twice, and made old; a quick collection took 10 ms instead
 * of 3. This map begins a new `Map` before V8 would give the one that it has a new table, so there is no chain.
 *
 * Entries are in the order in which they came. Who goes through them sees none that has left meanwhile, and maybe not those that came meanwhile.
 */
export class TurnoverMap<Key, Value> implements Iterable<[Key, Value]> {
  /** Undefined while there are no entries. */
  #map: Map<Key, Value> | undefined
  /** How many entries the table has room for, those included that have left: as V8 reckons (`OrderedHashTable`). */
  #room = smallestRoom
  #left = 0

  get size(): number {
    return this.#map?.size ?? 0
  }

  has(key: Key): boolean {
    return this.#map?.has(key) ?? false
  }

  get(key: Key): Value | undefined {
    return this.#map?.get(key)
  }

  set(key: Key, value: Value): this {
    if (this.#map === undefined) this.#map = new Map()
    else if (this.#map.size + this.#left >= this.#room && !this.#map.has(key)) this.#makeRoom(this.#map)
    this.#map.set(key, value)
    return this
  }

  /** True when it was there. */
  delete(key: Key): boolean {
    const map = this.#map
    if (map === undefined || !map.has(key)) return false
    if (map.size === 1) this.clear()
    else this.#remove(map, key)
    return true
  }

  clear(): void {
    this.#map = undefined
    this.#room = smallestRoom
    this.#left = 0
  }

  *[Symbol.iterator](): Generator<[Key, Value], undefined> {
    const map: ReadonlyMap<Key, Value> = this.#map ?? nothing
    for (const entry of map) if (map === this.#map || this.has(entry[0])) yield entry
    return undefined
  }

  *keys(): Generator<Key, undefined> {
    for (const [key] of this) yield key
    return undefined
  }

  *values(): Generator<Value, undefined> {
    for (const [, value] of this) yield value
    return undefined
  }

  #remove(map: Map<Key, Value>, key: Key): void {
    // V8 would make the table smaller.
    const isLoose = (map.size - 1) * 4 < this.#room
    const remaining = isLoose ? this.#renewed(map) : map
    remaining.delete(key)
    this.#left += 1
  }

  #makeRoom(map: Map<Key, Value>): void {
    if (this.#left * 2 >= this.#room && this.#renewed(map).size < this.#room) return
    // It has really become larger, which happens seldom: V8 may do it.
    this.#room *= 2
    this.#left = 0
  }

  #renewed(map: Map<Key, Value>): Map<Key, Value> {
    this.#map = new Map(map)
    this.#room = smallestRoom
    while (this.#room < map.size) this.#room *= 2
    this.#left = 0
    return this.#map
  }
}
