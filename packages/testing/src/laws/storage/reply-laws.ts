import assert from 'node:assert/strict'
import type { Law } from '../../law.ts'
import { address, bytes, commit, complete, own, plain, saveMessage, saveReply, textIn } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

export const replyLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST7',
    title: 'answers the second reply of a request with the first',
    async check({ storage }) {
      const owner = await own(storage)
      const first = saveReply('r', 'first', { digest: bytes('digest') })

      const results = [await commit(storage, [first], owner), await commit(storage, [saveReply('r', 'second')], owner)]

      const duplicate = { kind: 'duplicate', id: 'r', digest: bytes('digest'), exit: bytes('first') }
      assert.deepEqual(plain(results), plain([{ kind: 'applied', sequences: [] }, duplicate]))
      const { storedAt, ...stored } = (await storage.replies.find(first.id)) ?? { storedAt: undefined }
      assert.equal(typeof storedAt, 'number')
      assert.deepEqual(
        plain(stored),
        plain({ id: 'r', address: address('a'), digest: bytes('digest'), exit: bytes('first') }),
      )
    },
  },
  {
    id: 'ST7b',
    title: 'takes exactly one of several concurrent replies',
    async check({ storage }) {
      const owner = await own(storage)
      const exits = ['x', 'y', 'z']

      const results = await Promise.all(exits.map((exit) => commit(storage, [saveReply('r', exit)], owner)))

      const winner = exits[results.findIndex(({ kind }) => kind === 'applied')]
      assert.equal(results.filter(({ kind }) => kind === 'applied').length, 1)
      assert.equal(textIn((await storage.replies.find(saveReply('r', '').id))?.exit), winner)
      for (const result of results) if (result.kind === 'duplicate') assert.equal(textIn(result.exit), winner)
    },
  },
  {
    id: 'ST7c',
    title: 'keeps the reply of a message apart from the message',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [saveMessage('m')])
      assert.equal(await storage.replies.find(saveMessage('m').message.id), undefined)

      await commit(storage, [complete('m'), saveReply('m', 'done')], owner)

      assert.equal(textIn((await storage.replies.find(saveMessage('m').message.id))?.exit), 'done')
    },
  },
]
