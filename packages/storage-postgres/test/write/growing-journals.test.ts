import { SeededRandom } from '@cruster/core/memory'
import type { Operation, Storage, Unit } from '@cruster/core/ports'
import { expect, it } from 'vitest'
import { address, bytes, fence } from '../samples.ts'
import { testSchema } from '../test-storage.ts'

const owner = fence(1)
const names = ['a', 'b', 'c', 'd']

/** Executions that begin, go on, end, are cut and deleted, by several who do not know of each other. */
class Life {
  readonly #random: SeededRandom
  readonly #storage: Storage

  constructor(seed: number, storage: Storage) {
    this.#random = new SeededRandom(seed)
    this.#storage = storage
  }

  async live(rounds: number): Promise<number> {
    let applied = 0
    for (let round = 0; round < rounds; round++) {
      const units = await Promise.all(Array.from({ length: 1 + this.#below(3) }, () => this.#unit()))
      const results = await this.#storage.commit(units)
      applied += results.filter(({ kind }) => kind === 'applied').length
    }
    return applied
  }

  async #unit(): Promise<Unit> {
    const id = names[this.#below(names.length)] ?? ''
    const size = await this.#storage.journals.size(address(id))
    const entries = Array.from({ length: 1 + this.#below(3) }, (_, index) => bytes(`${size + 1 + index}`))
    const append: Operation = { kind: 'appendJournal', address: address(id), position: size + 1, entries }
    return { fence: owner, operations: size === 0 ? [append, put(id, 'running')] : this.#next(id, size, append) }
  }

  #next(id: string, size: number, append: Operation): readonly Operation[] {
    const chance = this.#below(20)
    if (chance < 1) return [{ kind: 'deleteExecution', address: address(id) }]
    if (chance < 4) return [{ kind: 'truncateJournal', address: address(id), position: this.#below(size) }]
    if (chance < 8) return [append, put(id, 'completed')]
    return [append]
  }

  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit)
  }
}

const put = (id: string, status: 'running' | 'completed'): Operation => ({
  kind: 'putExecution',
  address: address(id),
  record: { workflow: 'W', version: 1, status, startedAt: 1, retainMs: 0 },
})

it(
  'keeps journals whole, and none without its execution, while several write and remove them',
  { timeout: 60_000 },
  async () => {
    const { open, query } = await testSchema()
    const storages = await Promise.all([1, 2, 3].map(() => open()))
    const [pruner = await open()] = storages
    await pruner.claim([owner])
    const done = new AbortController()
    const pruning = (async () => {
      let pruned = 0
      while (!done.signal.aborted) pruned += (await pruner.prune(10)).executions
      return pruned
    })()

    const lives = await Promise.all(storages.map((storage, index) => new Life(index + 1, storage).live(80)))
    done.abort()

    expect(await pruning).toBeGreaterThan(5)
    expect(Math.min(...lives)).toBeGreaterThan(20)
    for (const id of names) {
      const entries = await pruner.journals.read({ address: address(id), after: 0, limit: 10_000 })
      const wanted = Array.from({ length: entries.length }, (_, index) => `${index + 1}`)
      expect(entries.map((entry) => new TextDecoder().decode(entry))).toEqual(wanted)
    }
    const orphans = 'select * from journals j where not exists (select from executions e where e.entity = j.entity)'
    expect(await query(orphans)).toEqual([])
  },
)
