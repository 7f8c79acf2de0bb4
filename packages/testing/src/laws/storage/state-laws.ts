import assert from 'node:assert/strict'
import type { Law } from '../../law.ts'
import { address, commit, expectState, own, plain, putState, saveReply, textIn, bytes } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

export const stateLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST6',
    title: 'puts a state only on the version before it, and loads the last one applied',
    async check({ storage }) {
      const owner = await own(storage)
      const put = async (version: number, state: string) =>
        (await commit(storage, [putState('a', version, state)], owner)).kind

      assert.deepEqual([await put(2, 'gap'), await put(1, 'one'), await put(1, 'again')], ['stale', 'applied', 'stale'])
      assert.equal(textIn((await storage.states.load(address('a')))?.state), 'one')
      assert.deepEqual([await put(2, 'two'), await put(4, 'gap')], ['applied', 'stale'])
      assert.deepEqual(plain(await storage.states.load(address('a'))), plain({ version: 2, state: bytes('two') }))
      assert.equal(await storage.states.load(address('b')), undefined)
    },
  },
  {
    id: 'ST6b',
    title: 'lets a unit pass only on the version that it expects, and changes nothing by expecting',
    async check({ storage }) {
      const owner = await own(storage)
      const expecting = (version: number, reply: string) =>
        commit(storage, [expectState('a', version), saveReply(reply, 'exit')], owner)

      assert.equal((await expecting(0, 'none yet')).kind, 'applied')
      await commit(storage, [putState('a', 1, 'one')], owner)
      assert.deepEqual(plain(await expecting(0, 'r0')), plain({ kind: 'stale', address: address('a') }))
      assert.equal((await expecting(2, 'r2')).kind, 'stale')
      assert.equal((await expecting(1, 'r1')).kind, 'applied')
      assert.equal(await storage.replies.find(saveReply('r2', '').id), undefined)
      assert.deepEqual(plain(await storage.states.load(address('a'))), plain({ version: 1, state: bytes('one') }))
    },
  },
  {
    id: 'ST6c',
    title: 'refuses what was built on a refused unit of the same commit, and passes what was built on an applied one',
    async check({ storage }) {
      const owner = await own(storage)
      await commit(storage, [saveReply('taken', 'first')], owner)

      const results = await storage.commit([
        { fence: owner, operations: [putState('a', 1, 'a1'), saveReply('r', 'exit')] },
        { fence: owner, operations: [expectState('a', 1), saveReply('built on a1', 'exit')] },
        { fence: owner, operations: [putState('a', 2, 'a2'), saveReply('taken', 'second')] },
        { fence: owner, operations: [expectState('a', 2), saveReply('built on a2', 'exit')] },
        { fence: owner, operations: [putState('a', 3, 'a3')] },
      ])

      assert.deepEqual(
        results.map(({ kind }) => kind),
        ['applied', 'applied', 'duplicate', 'stale', 'stale'],
      )
      assert.equal((await storage.states.load(address('a')))?.version, 1)
    },
  },
]
