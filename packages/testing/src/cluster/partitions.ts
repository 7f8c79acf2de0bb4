import type { MemoryNetwork } from '@cruster/core/memory'

interface Cut {
  readonly one: string
  readonly other: string
}

/** Which nodes of a network cannot reach each other: pairs that were cut apart, and nodes that are cut off from everybody. */
export class Partitions {
  readonly #network: MemoryNetwork
  readonly #nodes = new Set<string>()
  readonly #apart = new Map<string, Cut>()
  readonly #alone = new Set<string>()
  #cuts = new Map<string, Cut>()

  constructor(network: MemoryNetwork) {
    this.#network = network
  }

  /** There is a node of this name from now on. */
  add(node: string): void {
    this.#nodes.add(node)
    this.#apply()
  }

  separate(one: string, other: string): void {
    this.#apart.set(key(one, other), { one, other })
    this.#apply()
  }

  /** Brings two together again, or all that were separated. */
  heal(one?: string, other?: string): void {
    if (one === undefined || other === undefined) this.#apart.clear()
    else this.#apart.delete(key(one, other))
    this.#apply()
  }

  isolate(node: string): void {
    this.#alone.add(node)
    this.#apply()
  }

  rejoin(node: string): void {
    this.#alone.delete(node)
    this.#apply()
  }

  /** Touches only what changes: lines that stay cut must not be given new time. */
  #apply(): void {
    const wanted = this.#wanted()
    for (const [name, { one, other }] of this.#cuts) if (!wanted.has(name)) this.#network.heal(one, other)
    for (const [name, { one, other }] of wanted) if (!this.#cuts.has(name)) this.#network.partition(one, other)
    this.#cuts = wanted
  }

  #wanted(): Map<string, Cut> {
    const cuts = new Map(this.#apart)
    for (const one of this.#alone) {
      for (const other of this.#nodes) if (other !== one) cuts.set(key(one, other), { one, other })
    }
    return cuts
  }
}

const key = (one: string, other: string): string => JSON.stringify([one, other].toSorted())
