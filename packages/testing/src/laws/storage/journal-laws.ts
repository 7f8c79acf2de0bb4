import assert from 'node:assert/strict'
import type { Law } from '../../law.ts'
import { append, journalOf, truncate } from './execution-samples.ts'
import { awkwardTexts } from './awkward-texts.ts'
import { address, bytes, commit, complete, own, plain, putState, stateOf } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

const never = new AbortController().signal
const applied = { kind: 'applied', sequences: [] } as const
const stale = (id: string) => ({ kind: 'stale', address: address(id) }) as const

export const journalLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST19',
    title: 'adds to a journal behind its last position only',
    async check({ storage }) {
      const owner = await own(storage)

      assert.deepEqual(await commit(storage, [append('a', 2, 'too early')], owner), stale('a'))
      assert.deepEqual(await commit(storage, [append('a', 1, 'one', 'two')], owner), applied)
      for (const position of [1, 2, 4, 5]) {
        assert.deepEqual(await commit(storage, [append('a', position, 'elsewhere')], owner), stale('a'))
      }
      assert.deepEqual(await commit(storage, [append('a', 3, 'three')], owner), applied)
      assert.deepEqual(await commit(storage, [append('b', 1, 'other')], owner), applied)

      assert.deepEqual(await journalOf(storage, 'a'), ['one', 'two', 'three'])
      assert.deepEqual(await journalOf(storage, 'b'), ['other'])
    },
  },
  {
    id: 'ST19b',
    title: 'sees in a journal what earlier units of the same commit added or removed, and nothing of refused ones',
    async check({ storage }) {
      const owner = await own(storage)
      const unit = (...operations: readonly Parameters<typeof commit>[1][number][]) => ({ fence: owner, operations })

      const results = await storage.commit([
        unit(append('a', 1, 'one')),
        unit(append('a', 2, 'two'), append('a', 3, 'three')),
        unit(append('a', 4, 'lost'), complete('unknown')),
        unit(append('a', 4, 'four')),
        unit(truncate('a', 2), append('a', 3, 'new three')),
        unit(append('a', 5, 'gap')),
      ])

      assert.deepEqual(
        results.map(({ kind }) => kind),
        ['applied', 'applied', 'gone', 'applied', 'applied', 'stale'],
      )
      assert.deepEqual(await journalOf(storage, 'a'), ['one', 'two', 'new three'])
    },
  },
  {
    id: 'ST19c',
    title: 'lets one of several that add at the same position win',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [append('a', 1, 'one')], owner)
      const texts = Array.from({ length: 8 }, (_, index) => `two of ${index}`)

      const results = await Promise.all(texts.map((text) => commit(storage, [append('a', 2, text)], owner)))

      const winner = results.findIndex(({ kind }) => kind === 'applied')
      assert.equal(results.filter(({ kind }) => kind === 'stale').length, texts.length - 1)
      assert.deepEqual(await journalOf(storage, 'a'), ['one', texts[winner]])
    },
  },
  {
    id: 'ST19d',
    title: 'keeps former owners, and those who own nothing, from journals',
    async check({ storage }) {
      const former = await own(storage, 1)
      const owner = await own(storage, 2)
      await commit(storage, [append('a', 1, 'one')], owner)

      assert.deepEqual(await commit(storage, [append('a', 2, 'two')], former), { kind: 'fenced', shard: former.shard })
      await assert.rejects(commit(storage, [append('a', 2, 'two')]))
      await assert.rejects(commit(storage, [truncate('a', 0)]))

      assert.deepEqual(await journalOf(storage, 'a'), ['one'])
    },
  },
  {
    id: 'ST19e',
    title: 'adds to journals in transactions with user SQL, wholly or not at all',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [append('a', 1, 'one')], owner)

      await using good = await storage.begin(owner, never)
      await good.sql.execute({ sql: 'select 1', parameters: [] })
      assert.deepEqual(await good.commit([append('a', 2, 'two'), putState('a', 1, 'state')]), applied)
      await using late = await storage.begin(owner, never)
      await late.sql.execute({ sql: 'select 1', parameters: [] })
      assert.deepEqual(await late.commit([putState('a', 2, 'lost'), append('a', 2, 'lost')]), stale('a'))
      await using cut = await storage.begin(owner, never)
      assert.deepEqual(await cut.commit([truncate('a', 1), append('a', 2, 'new two')]), applied)

      assert.deepEqual(await journalOf(storage, 'a'), ['one', 'new two'])
      assert.equal(await stateOf(storage, 'a'), 'state')
    },
  },
  {
    id: 'ST20',
    title: 'reads a journal as it was written, page by page, and knows its size',
    async check({ storage }) {
      const owner = await own(storage)
      const total = 2500
      for (let from = 1; from <= total; from += 500) {
        const entries = Array.from({ length: 500 }, (_, index) => `entry ${from + index}`)
        assert.deepEqual(await commit(storage, [append('a', from, ...entries)], owner), applied)
      }

      const pages: Uint8Array[][] = []
      for (let after = 0; after < 2 * total; after += 400) {
        const page = await storage.journals.read({ address: address('a'), after, limit: 400 })
        if (page.length === 0) break
        pages.push([...page])
      }

      assert.deepEqual(
        pages.map(({ length }) => length),
        [400, 400, 400, 400, 400, 400, 100],
      )
      const wanted = Array.from({ length: total }, (_, index) => bytes(`entry ${index + 1}`))
      assert.deepEqual(plain(pages.flat()), plain(wanted))
      assert.equal(await storage.journals.size(address('a')), total)
      assert.equal(await storage.journals.size(address('unknown')), 0)
      assert.deepEqual(await storage.journals.read({ address: address('unknown'), after: 0, limit: 10 }), [])
    },
  },
  {
    id: 'ST20b',
    title: 'removes the entries behind a position, and goes on from there',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [append('a', 1, '1', '2', '3', '4'), append('b', 1, 'other')], owner)

      await commit(storage, [truncate('a', 9)], owner)
      assert.deepEqual(await journalOf(storage, 'a'), ['1', '2', '3', '4'])
      await commit(storage, [truncate('a', 2)], owner)
      assert.deepEqual(await journalOf(storage, 'a'), ['1', '2'])
      assert.deepEqual(await commit(storage, [append('a', 5, 'gap')], owner), stale('a'))
      assert.deepEqual(await commit(storage, [append('a', 3, 'new 3')], owner), applied)
      assert.deepEqual(await journalOf(storage, 'a'), ['1', '2', 'new 3'])
      await commit(storage, [truncate('a', 0), append('a', 1, 'first again')], owner)
      assert.deepEqual(await journalOf(storage, 'a'), ['first again'])
      await commit(storage, [truncate('a', 0), truncate('unknown', 0)], owner)

      assert.equal(await storage.journals.size(address('a')), 0)
      assert.deepEqual(await journalOf(storage, 'b'), ['other'])
    },
  },
  {
    id: 'ST20c',
    title: 'keeps entries of any content, empty and large ones, and keeps journals apart whatever their ids',
    async check({ storage }) {
      const owner = await own(storage)
      const large = Uint8Array.from({ length: 2 ** 18 }, (_, index) => index % 251)
      const all = Uint8Array.from({ length: 256 }, (_, index) => index)
      const entriesOf = (text: string): readonly Uint8Array[] => [bytes(text), new Uint8Array(0), all]
      const journals = awkwardTexts.map((id) => ({ shard: owner.shard, type: `Workflow/${id}`, id }))

      const appends = journals.map(
        (target) => ({ kind: 'appendJournal', address: target, position: 1, entries: entriesOf(target.id) }) as const,
      )
      assert.deepEqual(await commit(storage, appends, owner), applied)
      const more = { kind: 'appendJournal', address: address('large'), position: 1, entries: [large, large] } as const
      assert.deepEqual(await commit(storage, [more], owner), applied)

      for (const target of journals) {
        const read = await storage.journals.read({ address: target, after: 0, limit: 10 })
        assert.deepEqual(plain(read), plain(entriesOf(target.id)))
      }
      const read = await storage.journals.read({ address: address('large'), after: 1, limit: 10 })
      assert.deepEqual(plain(read), plain([large]))
    },
  },
]
