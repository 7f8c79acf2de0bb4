import type { Clock } from '@cruster/core/ports'
import type { Read } from './postgres-message-reader.ts'

/** What gathered reads are made with. */
export interface Gathering {
  readonly clock: Clock
  /** Throws when nothing is read any more. What was asked before is read still. */
  readonly accept: () => void
  readonly read: Read
}

/** Reads in one statement: a larger one makes all wait for the last of it. */
const mostTogether = 64

/** Reads the values of several keys at once, in the order of the keys. */
export type ReadTogether<Key, Value> = (keys: readonly Key[]) => Promise<readonly Value[]>

interface Asked<Key, Value> {
  readonly key: Key
  readonly resolve: (value: Value) => void
  readonly reject: (error: unknown) => void
}

/**
 * Gathers the reads of one turn of the event loop into one statement: a commit is answered for many at once, and what they do next
 * they ask at once, too. A read that is alone is made as one.
 */
export class GatheredReads<Key, Value> {
  readonly #gathering: Gathering
  readonly #readTogether: ReadTogether<Key, Value>
  #asked: Asked<Key, Value>[] = []

  constructor(gathering: Gathering, readTogether: ReadTogether<Key, Value>) {
    this.#gathering = gathering
    this.#readTogether = readTogether
  }

  /** Reads with all others of this turn. */
  read(key: Key): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#gathering.accept()
      this.#asked.push({ key, resolve, reject })
      if (this.#asked.length === 1) {
        this.#gathering.clock.defer(() => {
          this.#send()
        })
      }
    })
  }

  #send(): void {
    const asked = this.#asked
    this.#asked = []
    for (let at = 0; at < asked.length; at += mostTogether) void this.#answer(asked.slice(at, at + mostTogether))
  }

  async #answer(asked: readonly Asked<Key, Value>[]): Promise<void> {
    try {
      const values = await this.#readTogether(asked.map(({ key }) => key))
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one for each key
      for (const [index, { resolve }] of asked.entries()) resolve(values[index] as Value)
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}
