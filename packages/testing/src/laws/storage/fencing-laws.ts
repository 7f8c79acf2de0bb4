import assert from 'node:assert/strict'
import type { Law } from '../../law.ts'
import { address, commit, elsewhere, fence, home, own, putState, saveMessage, stateOf } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

export const fencingLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST3',
    title: 'refuses a former owner once a larger epoch was claimed',
    async check({ storage }) {
      const former = await own(storage, 1)
      await commit(storage, [putState('a', 1, 'before')], former)
      const newer = await own(storage, 2)

      const late = await commit(storage, [putState('a', 2, 'late')], former)
      const allowed = await commit(storage, [putState('a', 2, 'allowed')], newer)

      assert.deepEqual(late, { kind: 'fenced', shard: home })
      assert.equal(allowed.kind, 'applied')
      assert.equal(await stateOf(storage, 'a'), 'allowed')
    },
  },
  {
    id: 'ST3b',
    title: 'applies nothing of a former owner after the claim was answered, however they race',
    async check({ storage }) {
      const former = await own(storage, 1)
      const write = (version: number) => commit(storage, [putState('a', version, `v${version}`)], former)
      const before = Array.from({ length: 20 }, (_, index) => write(index + 1))
      const claim = storage.claim([fence(2)])
      const beside = Array.from({ length: 20 }, (_, index) => write(index + 21))

      await claim
      const atClaim = await storage.states.load(address('a'))
      await Promise.all([...before, ...beside])

      assert.deepEqual(await storage.states.load(address('a')), atClaim)
    },
  },
  {
    id: 'ST3c',
    title: 'leaves the owners of other shards alone',
    async check({ storage }) {
      const owner = await own(storage, 1)
      await storage.claim([fence(9, elsewhere)])

      const result = await commit(storage, [putState('a', 1, 'mine')], owner)

      assert.equal(result.kind, 'applied')
    },
  },
  {
    id: 'ST4',
    title: 'fences a claim below the newest epoch and grants the same one again',
    async check({ storage }) {
      const results = await storage.claim([fence(5), fence(4), fence(5), fence(3, elsewhere)])
      const later = await storage.claim([fence(4), fence(6)])

      assert.deepEqual(results, ['claimed', 'fenced', 'claimed', 'claimed'])
      assert.deepEqual(later, ['fenced', 'claimed'])
      assert.equal((await commit(storage, [putState('a', 1, 'x')], fence(6))).kind, 'applied')
    },
  },
  {
    id: 'ST4b',
    title: 'knows the newest epoch of all shards',
    async check({ storage }) {
      assert.equal(await storage.newestEpoch(), 0)

      await commit(storage, [saveMessage('m')])
      await storage.claim([fence(5), fence(12, elsewhere), fence(4)])

      assert.equal(await storage.newestEpoch(), 12)
    },
  },
  {
    id: 'ST5',
    title: 'refuses an epoch that was never claimed',
    async check({ storage }) {
      await commit(storage, [saveMessage('m')])
      const unclaimed = await commit(storage, [putState('a', 1, 'x')], fence(3))
      await own(storage, 1)
      const tooNew = await commit(storage, [putState('a', 1, 'x')], fence(3))

      for (const result of [unclaimed, tooNew]) assert.deepEqual(result, { kind: 'fenced', shard: home })
      assert.equal(await storage.states.load(address('a')), undefined)
    },
  },
]
