import { requestId } from '@cruster/core'
import { SeededRandom } from '@cruster/core/memory'
import type { Operation, Storage, Unit, UnitResult } from '@cruster/core/ports'
import { expect, it } from 'vitest'
import { address, bytes, fence, saveMessage } from '../samples.ts'
import { testSchema } from '../test-storage.ts'

const shards = [0, 1, 2, 3]

/** Batches that meet: few ids, several shards in one unit, owners of all shards everywhere. */
class Traffic {
  readonly #random: SeededRandom
  #saved = 0
  readonly #name: string

  constructor(seed: number) {
    this.#random = new SeededRandom(seed)
    this.#name = `${seed}`
  }

  units(): readonly Unit[] {
    return Array.from({ length: 1 + this.#below(4) }, () => ({
      fence: fence(1, this.#below(shards.length)),
      operations: Array.from({ length: 1 + this.#below(4) }, () => this.#operation()),
    }))
  }

  #operation(): Operation {
    const id = requestId(`common ${this.#below(60)}`)
    switch (this.#below(7)) {
      case 0:
      case 1:
        return saveMessage(`${this.#name} ${this.#saved++}`, { address: address('a', this.#below(shards.length)) })
      case 2:
        return { ...saveMessage(id, { address: address('b', Number(id.slice(7)) % 4) }), ifNew: true }
      case 3:
        return { kind: 'saveReply', id, address: address('a'), exit: bytes('exit'), retainMs: 1e9 }
      case 4:
        return { kind: 'cancelMessage', id, ifPending: true }
      case 5:
        return { kind: 'countAttempt', id }
      default:
        return { kind: this.#below(2) === 0 ? 'buryMessage' : 'reviveMessage', id, exit: bytes('dead') }
    }
  }

  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit)
  }
}

it(
  'commits concurrent batches of several processes without deadlocks, gaps or doubles',
  { timeout: 60_000 },
  async () => {
    const { open, query } = await testSchema()
    const storages = await Promise.all([1, 2, 3].map(() => open()))
    await storages[0]?.claim(shards.map((index) => fence(1, index)))
    const before = await deadlocks(query)

    const results = (await Promise.all(storages.map((storage, index) => send(storage, new Traffic(index + 1))))).flat()

    expect(await deadlocks(query)).toBe(before)
    const given = results.flatMap((result) => (result.kind === 'applied' ? result.sequences : [])).filter((x) => x > 0)
    const last = await query('select coalesce(sum(last_sequence), 0)::int as sum from sequences')
    expect(given.length).toBeGreaterThan(500)
    expect(last).toEqual([{ sum: given.length }])
    // Revived messages have left their first place, so places are unique but not all taken.
    expect(await query('select shard, sequence from messages group by 1, 2 having count(*) > 1')).toEqual([])
    expect(await query('select id from replies group by 1 having count(*) > 1')).toEqual([])
  },
)

async function send(storage: Storage, traffic: Traffic): Promise<readonly UnitResult[]> {
  const results: UnitResult[] = []
  for (let round = 0; round < 40; round++) {
    const calls = Array.from({ length: 8 }, () => storage.commit(traffic.units()))
    for (const answers of await Promise.all(calls)) results.push(...answers)
  }
  return results
}

it('gives each of many concurrent senders dense sequences, in the order in which messages become visible', async () => {
  const { open } = await testSchema()
  const storages = await Promise.all([1, 2, 3].map(() => open()))
  const done = new AbortController()
  const reader = await open()
  const seen: number[] = []
  const reading = (async () => {
    for (let rounds = 0; !done.signal.aborted || rounds < 2; rounds++) {
      const query = { shard: fence(1).shard, after: seen.at(-1) ?? 0, dueWithinMs: 0, limit: 50 }
      const page = await reader.messages.pending(query)
      seen.push(...page.map(({ sequence }) => sequence))
      if (done.signal.aborted && page.length > 0) rounds = 0
    }
  })()

  await Promise.all(
    storages.flatMap((storage, one) =>
      Array.from({ length: 100 }, (_, two) => storage.commit([{ operations: [saveMessage(`${one} ${two}`)] }])),
    ),
  )
  done.abort()
  await reading

  expect(seen).toEqual(Array.from({ length: 300 }, (_, index) => index + 1))
})

it('stores an id once when several processes save it at the same time', async () => {
  const { open } = await testSchema()
  const storages = await Promise.all([1, 2, 3].map(() => open()))

  for (let round = 0; round < 20; round++) {
    const unit = { operations: [saveMessage(`m${round}`)] }
    const results = await Promise.all(storages.map((storage) => storage.commit([unit])))
    expect(
      results
        .flat()
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['applied', 'duplicate', 'duplicate'])
  }
})

async function deadlocks(query: (sql: string) => Promise<readonly Record<string, unknown>[]>): Promise<number> {
  const [row] = await query('select deadlocks::int from pg_stat_database where datname = current_database()')
  return Number(row?.['deadlocks'])
}
