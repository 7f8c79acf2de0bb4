import assert from 'node:assert/strict'
import { requestId } from '@cruster/core'
import type { Law } from '../../law.ts'
import {
  address,
  bury,
  bytes,
  cancel,
  cancelIfPending,
  commit,
  complete,
  count,
  elsewhere,
  forget,
  home,
  ids,
  message,
  own,
  pending,
  plain,
  putState,
  saveMessage,
  saveReply,
  stateOf,
  textIn,
} from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

/** Storing messages: identity and sequence. */
export const messageLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST8',
    title: 'answers the second save of an id with what is known of the first',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('m', { digest: bytes('digest') })])
      const again = saveMessage('m', { payload: bytes('another payload') })

      const unanswered = await commit(storage, [again])
      await commit(storage, [complete('m'), saveReply('m', 'done')], owner)
      const answered = await commit(storage, [again])

      const known = { kind: 'duplicate', id: 'm', digest: bytes('digest') }
      assert.deepEqual(plain([unanswered, answered]), plain([known, { ...known, exit: bytes('done') }]))
      const stored = await storage.messages.find(requestId('m'))
      assert.deepEqual(plain(stored?.message.payload), plain(message('m').payload))
    },
  },
  {
    id: 'ST8b',
    title: 'skips a known message that is saved only if new, and applies the rest of its unit',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('m')])
      const ifNew = { ...saveMessage('m'), ifNew: true }

      const result = await commit(storage, [ifNew, saveMessage('n'), putState('a', 1, 'x')], owner)
      const fresh = await commit(storage, [{ ...saveMessage('o'), ifNew: true }], owner)

      assert.deepEqual(result, { kind: 'applied', sequences: [0, 2] })
      assert.deepEqual(fresh, { kind: 'applied', sequences: [3] })
      assert.equal(await stateOf(storage, 'a'), 'x')
      assert.deepEqual(ids(await pending(storage)), ['m', 'n', 'o'])
    },
  },
  {
    id: 'ST8c',
    title: 'stores an id once, however many save it at the same time',
    async check({ storage }) {
      const results = await Promise.all(Array.from({ length: 10 }, () => commit(storage, [saveMessage('m')])))

      assert.deepEqual(results.map(({ kind }) => kind).toSorted(), ['applied', ...Array<string>(9).fill('duplicate')])
      assert.deepEqual(ids(await pending(storage)), ['m'])
    },
  },
  {
    id: 'ST9',
    title: 'numbers the messages of each shard from 1 without gaps, refused units notwithstanding',
    async check({ storage }) {
      const there = { address: address('b', elsewhere) }
      const results = await storage.commit([
        { operations: [saveMessage('m1'), saveMessage('n1', there), saveMessage('m2')] },
        { operations: [saveMessage('lost'), saveMessage('m1')] },
        { operations: [saveMessage('n2', there), saveMessage('m3')] },
      ])

      assert.deepEqual(results[0], { kind: 'applied', sequences: [1, 1, 2] })
      assert.equal(results[1]?.kind, 'duplicate')
      assert.deepEqual(results[2], { kind: 'applied', sequences: [2, 3] })
      const shards = [home, elsewhere, address('x').shard]
      assert.deepEqual(
        await storage.messages.lastSequences(shards),
        new Map([
          [home, 3],
          [elsewhere, 2],
        ]),
      )
      assert.deepEqual(
        (await pending(storage)).map(({ id, sequence }) => `${id} ${sequence}`),
        ['m1 1', 'm2 2', 'm3 3'],
      )
    },
  },
  {
    id: 'ST9b',
    title: 'shows messages in the order of their sequences: a reader that goes on from the last one misses none',
    async check({ storage }) {
      const writing = Array.from({ length: 50 }, (_, index) => commit(storage, [saveMessage(`m${index}`)]))
      const seen: number[] = []
      const read = async (): Promise<void> => {
        const query = { shard: home, after: seen.at(-1) ?? 0, dueWithinMs: 0, limit: 7 }
        seen.push(...(await storage.messages.pending(query)).map(({ sequence }) => sequence))
      }

      for (const written of writing) await Promise.all([written, read()])
      for (let reads = 0; reads < 10; reads++) await read()

      assert.deepEqual(
        seen,
        Array.from({ length: 50 }, (_, index) => index + 1),
      )
    },
  },
  {
    id: 'ST9c',
    title: 'reports 0 as the last sequence of a shard that never had a message',
    async check({ storage }) {
      await own(storage)

      assert.deepEqual(
        await storage.messages.lastSequences([home, elsewhere]),
        new Map([
          [home, 0],
          [elsewhere, 0],
        ]),
      )
    },
  },
  {
    id: 'ST11',
    title: 'answers gone to whatever is done to a message that is not pending',
    async check({ storage }) {
      const owner = await own(storage)
      for (const id of ['completed', 'cancelled', 'dead']) await commit(storage, [saveMessage(id)])
      await commit(storage, [complete('completed'), cancel('cancelled'), bury('dead', 'exit')], owner)

      for (const id of ['unknown', 'completed', 'cancelled', 'dead'])
        for (const operation of [complete(id), cancel(id), count(id), bury(id, 'exit of a second burial')])
          assert.deepEqual(await commit(storage, [operation], owner), { kind: 'gone', id }, `${operation.kind} ${id}`)
    },
  },
  {
    id: 'ST11b',
    title: 'cancels a message only if it is pending where that is asked, and applies the rest of the unit',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('completed'), saveMessage('pending')])
      await commit(storage, [complete('completed')], owner)
      const operations = [
        cancelIfPending('completed'),
        cancelIfPending('unknown'),
        cancelIfPending('pending'),
        putState('a', 1, 'x'),
      ]
      assert.equal((await commit(storage, operations, owner)).kind, 'applied')

      const found = await Promise.all(['completed', 'pending'].map((id) => storage.messages.find(requestId(id))))
      assert.deepEqual(
        found.map((record) => record?.status),
        ['completed', 'cancelled'],
      )
      assert.equal(await stateOf(storage, 'a'), 'x')
    },
  },
  {
    id: 'ST11c',
    title: 'counts attempts of a pending message',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('m'), saveMessage('n')])

      await commit(storage, [count('m')], owner)
      await commit(storage, [count('m')], owner)

      assert.deepEqual(
        (await pending(storage)).map(({ attempts }) => attempts),
        [2, 0],
      )
    },
  },
  {
    id: 'ST11d',
    title: 'forgets a message where that is asked, and knows its id by the reply alone',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('answered'), saveMessage('unanswered')])

      const operations = [forget('answered'), saveReply('answered', 'done'), forget('unanswered')]
      assert.equal((await commit(storage, operations, owner)).kind, 'applied')

      for (const id of ['answered', 'unanswered']) {
        assert.equal(await storage.messages.find(requestId(id)), undefined)
        assert.deepEqual(await commit(storage, [forget(id)], owner), { kind: 'gone', id })
      }
      const again = await commit(storage, [saveMessage('answered')])
      assert.equal(again.kind === 'duplicate' && textIn(again.exit), 'done')
      assert.deepEqual(await commit(storage, [saveMessage('unanswered')]), { kind: 'applied', sequences: [3] })
    },
  },
  {
    id: 'ST11e',
    title: 'stores a message anew whose id was forgotten in the same commit',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('m')])

      const results = await commit(storage, [forget('m'), saveMessage('m', { method: 'other' })], owner)

      assert.deepEqual(results, { kind: 'applied', sequences: [2] })
      const record = await storage.messages.find(requestId('m'))
      assert.deepEqual([record?.status, record?.message.method], ['pending', 'other'])
    },
  },
]
