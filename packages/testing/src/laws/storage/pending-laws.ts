import assert from 'node:assert/strict'
import { requestId } from '@cruster/core'
import type { MessageFilter, Storage, StoredMessage } from '@cruster/core/ports'
import type { Law } from '../../law.ts'
import {
  address,
  bury,
  cancel,
  commit,
  complete,
  elsewhere,
  home,
  ids,
  own,
  pending,
  saveMessage,
} from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

/** Reading messages: what is delivered, and what people see. */
export const pendingLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST10',
    title: 'lists what is neither completed, cancelled nor dead, in sequence order, page by page',
    async check({ storage }) {
      const owner = await own(storage)
      for (const id of ['9', '1', '5', '3', '7', '2']) await commit(storage, [saveMessage(id)])
      await commit(storage, [saveMessage('far', { address: address('a', elsewhere) })])
      await commit(storage, [complete('1'), cancel('3'), bury('7', 'exit')], owner)
      const page = (after: number, limit: number) =>
        storage.messages.pending({ shard: home, after, dueWithinMs: 0, limit })

      assert.deepEqual(ids(await page(0, 10)), ['9', '5', '2'])
      assert.deepEqual(ids(await page(0, 2)), ['9', '5'])
      assert.deepEqual(ids(await page(3, 2)), ['2'])
      assert.deepEqual(ids(await page(6, 2)), [])
    },
  },
  {
    id: 'ST10b',
    title: 'reports when a scheduled message is due, and leaves out what is due later than asked',
    async check({ storage, advance }) {
      const deliverAt = (await timeOf(storage)) + 200
      await commit(storage, [saveMessage('later', { deliverAt }), saveMessage('now')])
      const due = (dueWithinMs: number) => storage.messages.pending({ shard: home, after: 0, dueWithinMs, limit: 10 })

      assert.deepEqual(ids(await due(0)), ['probe', 'now'])
      const [, later, now] = await due(1000)
      assert.deepEqual([later?.id, later?.deliverAt, now?.id, now?.dueInMs], ['later', deliverAt, 'now', 0])
      assert.ok(later !== undefined && later.dueInMs > 0 && later.dueInMs <= 200, `due in ${later?.dueInMs} ms`)

      await advance(250)

      assert.deepEqual(
        (await due(0)).map(({ id, dueInMs }) => [id, dueInMs]),
        [
          ['probe', 0],
          ['later', 0],
          ['now', 0],
        ],
      )
    },
  },
  {
    id: 'ST10c',
    title: 'lists messages newest first, by type, id, method and status, and finds one with its status',
    async check({ storage, advance }) {
      const owner = await own(storage)
      const other = { address: { ...address('b'), type: 'Other' }, method: 'sub' }
      for (const [id, parts] of Object.entries({ m1: {}, m2: other, m3: { address: address('b') }, m4: {} })) {
        await commit(storage, [saveMessage(id, parts)])
        await advance(5)
      }
      await commit(storage, [complete('m1'), cancel('m3')], owner)
      const list = async (filter: Partial<MessageFilter>) =>
        ids((await storage.messages.list({ limit: 10, ...filter })).map((record) => record.message))

      assert.deepEqual(await list({}), ['m4', 'm3', 'm2', 'm1'])
      assert.deepEqual(await list({ limit: 2 }), ['m4', 'm3'])
      assert.deepEqual(await list({ type: 'Counter' }), ['m4', 'm3', 'm1'])
      assert.deepEqual(await list({ id: 'b' }), ['m3', 'm2'])
      assert.deepEqual(await list({ method: 'sub' }), ['m2'])
      assert.deepEqual(await list({ type: 'Counter', status: 'pending' }), ['m4'])
      assert.deepEqual(await statuses(storage, ['m1', 'm3', 'm4', 'unknown']), [
        'completed',
        'cancelled',
        'pending',
        undefined,
      ])
    },
  },
  {
    id: 'ST10d',
    title: 'lists scheduled messages in sequence order, whenever they are due',
    async check({ storage }) {
      const now = await timeOf(storage)
      const saves = { m2: now - 10, m3: now - 20, m4: undefined, m5: now - 30, m6: now + 60_000, m7: undefined }
      for (const [id, deliverAt] of Object.entries(saves)) await commit(storage, [saveMessage(id, { deliverAt })])

      assert.deepEqual(sequences(await pending(storage)), [1, 2, 3, 4, 5, 6, 7])
      const due = await storage.messages.pending({ shard: home, after: 1, dueWithinMs: 0, limit: 4 })
      assert.deepEqual(sequences(due), [2, 3, 4, 5])
    },
  },
]

/** Storage's time: when it stored a message just now. */
async function timeOf(storage: Storage): Promise<number> {
  await commit(storage, [saveMessage('probe')])
  const probe = await storage.messages.find(requestId('probe'))
  assert.ok(probe !== undefined)
  return probe.message.storedAt
}

async function statuses(storage: Storage, names: readonly string[]): Promise<(string | undefined)[]> {
  const records = await Promise.all(names.map((name) => storage.messages.find(requestId(name))))
  return records.map((record) => record?.status)
}

const sequences = (messages: readonly StoredMessage[]): number[] => messages.map(({ sequence }) => sequence)
