import assert from 'node:assert/strict'
import { requestId } from '@cruster/core'
import type { Law } from '../../law.ts'
import {
  address,
  bury,
  bytes,
  commit,
  complete,
  count,
  ids,
  own,
  pending,
  plain,
  revive,
  saveMessage,
  saveReply,
  textIn,
} from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

export const deadLetterLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST15',
    title: 'lists a dead letter with its exit, and answers later callers with that',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('m', { digest: bytes('digest') }), saveMessage('n')])

      assert.equal((await commit(storage, [count('m'), bury('m', 'last failure')], owner)).kind, 'applied')

      const [letter, ...more] = await storage.messages.deadLetters({ limit: 10 })
      assert.deepEqual([letter?.message.id, letter?.message.attempts, textIn(letter?.exit)], ['m', 1, 'last failure'])
      assert.ok(letter !== undefined && letter.diedAt >= letter.message.storedAt)
      assert.deepEqual(more, [])
      assert.deepEqual(ids(await pending(storage)), ['n'])
      assert.equal(textIn((await storage.replies.find(requestId('m')))?.exit), 'last failure')
      const duplicate = { kind: 'duplicate', id: 'm', digest: bytes('digest'), exit: bytes('last failure') }
      assert.deepEqual(plain(await commit(storage, [saveMessage('m')])), plain(duplicate))
    },
  },
  {
    id: 'ST15b',
    title: 'delivers a revived letter again: pending, no attempts, no reply, the next sequence',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('m'), saveMessage('n')])
      await commit(storage, [count('m'), bury('m', 'failure')], owner)

      assert.deepEqual(await commit(storage, [revive('m')]), { kind: 'applied', sequences: [3] })

      assert.deepEqual(
        (await pending(storage)).map(({ id, sequence, attempts }) => ({ id, sequence, attempts })),
        [
          { id: 'n', sequence: 2, attempts: 0 },
          { id: 'm', sequence: 3, attempts: 0 },
        ],
      )
      assert.equal(await storage.replies.find(requestId('m')), undefined)
      assert.deepEqual(await storage.messages.deadLetters({ limit: 10 }), [])
      assert.equal((await commit(storage, [complete('m'), saveReply('m', 'done')], owner)).kind, 'applied')
    },
  },
  {
    id: 'ST15c',
    title: 'revives only what is dead',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('pending'), saveMessage('completed')])
      await commit(storage, [complete('completed')], owner)

      for (const id of ['pending', 'completed', 'unknown'])
        assert.deepEqual(await commit(storage, [revive(id)]), { kind: 'gone', id })
    },
  },
  {
    id: 'ST15d',
    title: 'lists dead letters newest first, by type, id and method',
    async check({ storage, advance }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('m1'), saveMessage('m2', { method: 'sub' }), saveMessage('m3')])
      await commit(storage, [saveMessage('m4', { address: { ...address('b'), type: 'Other' } })])
      for (const id of ['m2', 'm4', 'm1']) {
        await commit(storage, [bury(id, 'failure')], owner)
        await advance(5)
      }
      const list = async (filter: { type?: string; id?: string; method?: string }, limit = 10) =>
        ids((await storage.messages.deadLetters({ limit, ...filter })).map(({ message }) => message))

      assert.deepEqual(await list({}), ['m1', 'm4', 'm2'])
      assert.deepEqual(await list({}, 1), ['m1'])
      assert.deepEqual([await list({ type: 'Other' }), await list({ id: 'b' })], [['m4'], ['m4']])
      assert.deepEqual(await list({ method: 'add' }), ['m1', 'm4'])
    },
  },
]
