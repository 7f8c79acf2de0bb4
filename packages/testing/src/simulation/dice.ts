import { SeededRandom } from '@cruster/core/memory'

/** Chance from a seed. Each name has dice of its own, so that what one part of a run draws does not change another's. */
export class Dice {
  readonly #random: SeededRandom
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
    this.#random = new SeededRandom(seed)
  }

  /** Independent dice. The same name gives the same ones again. */
  named(name: string): Dice {
    let hash = this.#seed ^ 0x811c9dc5
    for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
    return new Dice(hash)
  }

  chance(probability: number): boolean {
    return this.#random.next() < probability
  }

  /** From `least` to `most`, any fraction. */
  between(least: number, most: number): number {
    return least + this.#random.next() * (most - least)
  }

  /** A whole number from `least` to `most`, both possible. */
  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1))
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item
  pick<Item>(items: readonly Item[]): Item | undefined
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.whole(0, items.length - 1)]
  }

  /** How often something happens that happens so often on average. */
  times(mean: number): number {
    let count = 0
    for (let left = Math.exp(-mean), product = this.#random.next(); product > left; product *= this.#random.next())
      count += 1
    return count
  }
}
