import assert from 'node:assert/strict'
import type { Law } from '../../law.ts'
import { append, journalOf, listedIds, putExecution } from './execution-samples.ts'
import { commit, own } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

const none = { messages: 0, replies: 0, executions: 0 }

export const executionRetentionLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST23',
    title: 'prunes ended executions with their journals when their retention has passed, and no others',
    async check({ storage, advance }) {
      const owner = await own(storage)
      const shortly = { retainMs: 100 }
      const records = {
        running: putExecution('running', { status: 'running', ...shortly }),
        paused: putExecution('paused', { status: 'paused', ...shortly }),
        completed: putExecution('completed', { status: 'completed', ...shortly }),
        failed: putExecution('failed', { status: 'failed', ...shortly }),
        cancelled: putExecution('cancelled', { status: 'cancelled', ...shortly }),
        kept: putExecution('kept', { status: 'completed' }),
        long: putExecution('long', { status: 'completed', retainMs: 1e9 }),
        forever: putExecution('forever', { status: 'completed', retainMs: Infinity }),
        reopened: putExecution('reopened', { status: 'failed', ...shortly }),
      }
      const names = Object.keys(records)
      await commit(storage, Object.values(records), owner)
      await commit(
        storage,
        names.map((id) => append(id, 1, 'one', 'two')),
        owner,
      )
      await commit(storage, [putExecution('reopened', shortly)], owner)

      assert.deepEqual(await storage.prune(100), none)
      await advance(300)
      assert.deepEqual(await storage.prune(100), { ...none, executions: 3 })

      const left = ['forever', 'kept', 'long', 'paused', 'reopened', 'running']
      assert.deepEqual((await listedIds(storage)).toSorted(), left)
      for (const id of names) assert.equal((await journalOf(storage, id)).length, left.includes(id) ? 2 : 0)
      assert.equal((await commit(storage, [append('completed', 1, 'new')], owner)).kind, 'applied')
    },
  },
  {
    id: 'ST23b',
    title:
      'prunes no more executions than asked at once, and all of them in the end, whatever the size of their journals',
    async check({ storage, advance }) {
      const owner = await own(storage)
      const ids = ['1', '2', '3', '4', '5', '6', '7']
      const entries = Array.from({ length: 40 }, (_, index) => `entry ${index}`)
      for (const id of ids) {
        await commit(
          storage,
          [putExecution(id, { status: 'completed', retainMs: 100 }), append(id, 1, ...entries)],
          owner,
        )
      }
      await advance(300)

      const removed: number[] = []
      for (let round = 0; round < 20; round++) removed.push((await storage.prune(3)).executions)

      assert.ok(removed.every((count) => count <= 3))
      assert.equal(
        removed.reduce((sum, count) => sum + count, 0),
        ids.length,
      )
      assert.ok((removed[0] ?? 0) > 0, 'the first call removed nothing')
      assert.equal(await storage.executions.count({}), 0)
      for (const id of ids) assert.deepEqual(await journalOf(storage, id), [])
    },
  },
  {
    id: 'ST23c',
    title: 'counts the retention of an execution from its end, and anew after it went on',
    async check({ storage, advance }) {
      const owner = await own(storage)
      const put = (status: 'running' | 'completed') =>
        commit(storage, [putExecution('a', { status, retainMs: 400 })], owner)
      await put('running')
      await advance(500)
      await put('completed')
      assert.deepEqual(await storage.prune(100), none)
      await advance(300)
      await put('running')
      await put('completed')
      await advance(300)
      assert.deepEqual(await storage.prune(100), none)
      await advance(200)
      assert.deepEqual(await storage.prune(100), { ...none, executions: 1 })
    },
  },
]
