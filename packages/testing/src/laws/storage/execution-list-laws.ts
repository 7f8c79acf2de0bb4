import assert from 'node:assert/strict'
import type { ExecutionCursor, ExecutionStatus, Storage } from '@cruster/core/ports'
import type { Law } from '../../law.ts'
import { behind, listedIds, putExecution, record } from './execution-samples.ts'
import { commit, elsewhere, own } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

const statuses: readonly ExecutionStatus[] = ['running', 'paused', 'completed', 'failed', 'cancelled']

export const executionListLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST22',
    title: 'lists and counts the executions that agree with every field of a filter, the last that was started first',
    async check({ storage }) {
      const owner = await own(storage)
      for (const [index, status] of statuses.entries()) {
        const parts = { status, version: 1 + (index % 2), startedAt: 100 + 10 * index }
        await commit(storage, [putExecution(status, parts), otherType(`other ${status}`, parts)], owner)
      }

      const all = statuses.toReversed().flatMap((status) => [`other ${status}`, status])
      assert.deepEqual(await listedIds(storage), all)
      assert.deepEqual(await listedIds(storage, { limit: 3 }), all.slice(0, 3))
      assert.deepEqual(await listedIds(storage, { type: 'Counter' }), statuses.toReversed())
      for (const status of statuses) {
        assert.deepEqual(await listedIds(storage, { status }), [`other ${status}`, status])
        assert.deepEqual(await listedIds(storage, { status, type: 'Counter' }), [status])
      }
      assert.deepEqual(await listedIds(storage, { version: 2, type: 'Counter' }), ['failed', 'paused'])
      assert.deepEqual(await listedIds(storage, { startedBefore: 110 }), ['other running', 'running'])
      assert.deepEqual(await listedIds(storage, { startedAfter: 130 }), ['other cancelled', 'cancelled'])
      const narrow = { type: 'Counter', startedAfter: 100, startedBefore: 130, status: 'paused', version: 2 } as const
      assert.deepEqual(await listedIds(storage, narrow), ['paused'])

      for (const filter of [{}, { type: 'Counter' }, { status: 'failed' }, { version: 1 }, narrow] as const) {
        assert.equal(await storage.executions.count(filter), (await listedIds(storage, filter)).length)
      }
    },
  },
  {
    id: 'ST22b',
    title: 'goes on behind a cursor, also within one moment, without repeating or leaving out an execution',
    async check({ storage }) {
      const owner = await own(storage)
      const ids = Array.from({ length: 20 }, (_, index) => String(index).padStart(2, '0'))
      const puts = ids.map((id) => putExecution(id, { startedAt: Math.floor(Number(id) / 7) }))
      const others = ids.map((id) => otherType(id, { startedAt: Math.floor(Number(id) / 7) }))
      await commit(storage, [...puts, ...others], owner)

      assert.deepEqual(await pages(storage, { type: 'Counter' }), ids.toReversed())
      const all = await pages(storage, {})
      assert.equal(all.length, 40)
      assert.deepEqual(all, await listedIds(storage))
      const strange: ExecutionCursor = { type: 'B', id: 'nobody', startedAt: 1 }
      const rest = await listedIds(storage, { type: 'Counter', after: strange })
      assert.deepEqual(rest, ids.slice(0, 7).toReversed())
    },
  },
  {
    id: 'ST22c',
    title: 'does not lose its place when executions are added, change or go between two pages',
    async check({ storage }) {
      const owner = await own(storage)
      const ids = ['1', '2', '3', '4', '5', '6']
      await commit(
        storage,
        ids.map((id) => putExecution(id, { startedAt: Number(id) })),
        owner,
      )
      const first = await storage.executions.list({ type: 'Counter', limit: 2 })
      const last = first.at(-1)
      assert.ok(last !== undefined)

      await commit(
        storage,
        [
          putExecution('7', { startedAt: 7 }),
          putExecution('8', { startedAt: 8 }),
          putExecution('4', { startedAt: 4, status: 'completed' }),
          { kind: 'deleteExecution', address: last.address },
        ],
        owner,
      )

      assert.deepEqual(await listedIds(storage, { type: 'Counter', after: behind(last) }), ['4', '3', '2', '1'])
    },
  },
]

const otherType = (id: string, parts: Parameters<typeof record>[0]) => ({
  kind: 'putExecution' as const,
  address: { shard: elsewhere, type: 'Other', id },
  record: record(parts),
})

/** Ids of all pages, each small. */
async function pages(storage: Storage, filter: { readonly type?: string }): Promise<readonly string[]> {
  const seen: string[] = []
  let after: ExecutionCursor | undefined
  // Bounded, because a storage that loses its place would go on for ever.
  while (seen.length < 200) {
    const page = await storage.executions.list({ ...filter, limit: 3, ...(after === undefined ? {} : { after }) })
    const last = page.at(-1)
    if (last === undefined) return seen
    seen.push(...page.map(({ address }) => address.id))
    after = behind(last)
  }
  return seen
}
