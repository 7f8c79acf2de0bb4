import assert from 'node:assert/strict'
import { requestId } from '@cruster/core'
import type { Storage } from '@cruster/core/ports'
import type { Law } from '../../law.ts'
import { bury, cancel, commit, complete, own, putState, saveMessage, saveReply, stateOf } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

const shortly = { retainMs: 100 }
const long = { retainMs: 1e9 }

export const retentionLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST16',
    title: 'prunes completed and cancelled messages and replies when their retention has passed, and nothing else',
    async check({ storage, advance }) {
      const owner = await own(storage)
      const saves = ['pending', 'dead', 'completed', 'cancelled'].map((id) => saveMessage(id, shortly))
      await commit(storage, [putState('a', 1, 'state'), ...saves, saveMessage('kept', long)], owner)
      await commit(storage, [bury('dead', 'exit'), complete('completed'), cancel('cancelled'), complete('kept')], owner)
      await commit(storage, [saveReply('completed', 'exit', shortly), saveReply('alone', 'exit', shortly)], owner)
      await commit(storage, [saveReply('kept', 'exit', long)], owner)

      assert.deepEqual(await storage.prune(100), { messages: 0, replies: 0, executions: 0 })
      await advance(300)
      assert.deepEqual(await storage.prune(100), { messages: 2, replies: 2, executions: 0 })

      assert.deepEqual(await messagesLeft(storage), ['dead', 'kept', 'pending'])
      assert.deepEqual(await repliesLeft(storage, ['completed', 'alone', 'kept', 'dead']), ['kept', 'dead'])
      assert.equal(await stateOf(storage, 'a'), 'state')
    },
  },
  {
    id: 'ST16b',
    title: 'counts the retention from the completion, not from the saving',
    async check({ storage, advance }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('m', { retainMs: 400 })])
      await advance(500)
      await commit(storage, [complete('m')], owner)

      assert.deepEqual(await storage.prune(100), { messages: 0, replies: 0, executions: 0 })
      await advance(500)
      assert.deepEqual(await storage.prune(100), { messages: 1, replies: 0, executions: 0 })
    },
  },
  {
    id: 'ST16c',
    title: 'prunes no more rows than asked at once, and all of them in the end',
    async check({ storage, advance }) {
      const owner = await own(storage)
      const names = ['1', '2', '3', '4']
      await commit(
        storage,
        names.map((id) => saveMessage(id, shortly)),
      )
      await commit(
        storage,
        names.flatMap((id) => [complete(id), saveReply(id, 'exit', shortly)]),
        owner,
      )
      await advance(300)

      const removed: number[] = []
      for (let round = 0; round < 4; round++) {
        const { messages, replies } = await storage.prune(3)
        removed.push(messages + replies)
      }

      assert.deepEqual(removed, [3, 3, 2, 0])
    },
  },
  {
    id: 'ST16d',
    title: 'takes a pruned id as new',
    async check({ storage, advance }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('m', shortly)])
      await commit(storage, [complete('m'), saveReply('m', 'exit', shortly)], owner)
      await advance(300)
      await storage.prune(100)

      assert.deepEqual(await commit(storage, [saveMessage('m')]), { kind: 'applied', sequences: [2] })
    },
  },
]

async function messagesLeft(storage: Storage): Promise<string[]> {
  return (await storage.messages.list({ limit: 100 })).map(({ message }) => message.id).toSorted()
}

async function repliesLeft(storage: Storage, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map((name) => storage.replies.find(requestId(name))))
  return found.flatMap((reply) => (reply === undefined ? [] : [reply.id]))
}
