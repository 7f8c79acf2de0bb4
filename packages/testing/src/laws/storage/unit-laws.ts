import assert from 'node:assert/strict'
import type { Law } from '../../law.ts'
import {
  address,
  bytes,
  commit,
  complete,
  ids,
  own,
  pending,
  plain,
  putState,
  saveMessage,
  saveReply,
  stateOf,
} from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

export const unitLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST1',
    title: 'applies nothing of a unit whose last operation is refused',
    async check({ storage }) {
      const owner = await own(storage)
      const operations = [putState('a', 1, 'new'), saveReply('r', 'exit'), saveMessage('m'), complete('unknown')]

      const result = await commit(storage, operations, owner)

      assert.deepEqual(result, { kind: 'gone', id: 'unknown' })
      assert.equal(await storage.states.load(address('a')), undefined)
      assert.equal(await storage.replies.find(saveReply('r', '').id), undefined)
      assert.deepEqual(await pending(storage), [])
    },
  },
  {
    id: 'ST1b',
    title: 'applies the neighbours of a refused unit in the same commit',
    async check({ storage }) {
      const owner = await own(storage)
      const units = [
        { fence: owner, operations: [putState('a', 1, 'first')] },
        { fence: owner, operations: [putState('b', 1, 'second'), complete('unknown')] },
        { fence: owner, operations: [putState('c', 1, 'third')] },
      ]

      const results = await storage.commit(units)

      assert.deepEqual(
        results.map(({ kind }) => kind),
        ['applied', 'gone', 'applied'],
      )
      assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((id) => stateOf(storage, id))), [
        'first',
        undefined,
        'third',
      ])
    },
  },
  {
    id: 'ST1c',
    title: 'keeps concurrent calls apart when one of them is refused',
    async check({ storage }) {
      const owner = await own(storage)
      const calls = Array.from({ length: 20 }, (_, index) => {
        const refusal = index % 3 === 1 ? [complete('unknown')] : []
        return commit(storage, [putState(`e${index}`, 1, 'x'), saveMessage(`m${index}`), ...refusal], owner)
      })

      const kinds = (await Promise.all(calls)).map(({ kind }) => kind)

      assert.deepEqual(
        kinds,
        Array.from({ length: 20 }, (_, index) => (index % 3 === 1 ? 'gone' : 'applied')),
      )
      const expected = kinds.flatMap((kind, index) => (kind === 'applied' ? [`m${index}`] : []))
      assert.deepEqual(ids(await pending(storage)).toSorted(), expected.toSorted())
    },
  },
  {
    id: 'ST2',
    title: 'applies the units of a commit in the order given, and answers in that order',
    async check({ storage }) {
      const owner = await own(storage)
      const first = { fence: owner, operations: [saveReply('r', 'exit')] }
      const again = { fence: owner, operations: [saveReply('r', 'other')] }
      const versions = [1, 2, 3].map((version) => ({
        fence: owner,
        operations: [putState('a', version, `v${version}`)],
      }))
      const gone = { fence: owner, operations: [complete('unknown')] }

      const results = await storage.commit([first, ...versions, gone, again])

      assert.deepEqual(
        plain(results),
        plain([
          { kind: 'applied', sequences: [] },
          ...versions.map(() => ({ kind: 'applied', sequences: [] })),
          { kind: 'gone', id: 'unknown' },
          { kind: 'duplicate', id: 'r', exit: bytes('exit') },
        ]),
      )
      assert.equal(await stateOf(storage, 'a'), 'v3')
    },
  },
]
