import assert from 'node:assert/strict'
import type { Epoch, ShardId } from '@cruster/core'
import { shardId } from '@cruster/core'
import type { AcquireResult, Membership } from '@cruster/core/ports'
import type { Law } from '../../law.ts'
import type { DiscoveryWorld } from './discovery-world.ts'
import { runnerInfo } from './runner-info.ts'
import { WatchLog } from './watch-log.ts'

const shards = Array.from({ length: 20 }, (_, index) => shardId('default', index))
const [shard = shardId('default', 0)] = shards

export const lockLaws: readonly Law<DiscoveryWorld>[] = [
  {
    id: 'DS2',
    title: "a shard's lock is held by at most one live membership",
    async check(world) {
      const [a, b] = await joinTwo(world)

      const [ofA, ofB] = await Promise.all([a.acquire(shards), b.acquire(shards.toReversed())])

      const owners = [...ofA, ...ofB].filter(({ kind }) => kind === 'acquired').map((result) => result.shard)
      assert.deepEqual(owners.toSorted(), shards.toSorted(), 'each shard has exactly one owner')
      const [again] = await a.acquire([shard])
      const [other] = await b.acquire([shard])
      assert.deepEqual(new Set([again?.kind, other?.kind]), new Set(['acquired', 'held']))
    },
  },
  {
    id: 'DS2b',
    title: 'a lock that is refused names its holder',
    async check(world) {
      const [a, b] = await joinTwo(world)
      await a.acquire([shard])

      assert.deepEqual(await b.acquire([shard]), [{ kind: 'held', shard, by: runnerInfo('a').instanceId }])
    },
  },
  {
    id: 'DS3',
    title: 'each acquisition of a free shard gets an epoch larger than all before it on that shard',
    async check(world) {
      const [a, b] = await joinTwo(world)
      const epochs: Epoch[] = []
      for (const member of [a, b, a, a, b]) {
        epochs.push(await acquireEpoch(member, shard))
        await member.release([shard])
      }
      await a[Symbol.asyncDispose]()
      epochs.push(await acquireEpoch(b, shard))

      assert.deepEqual(
        epochs,
        [...new Set(epochs)].toSorted((x, y) => x - y),
        'epochs grow',
      )
      assert.ok(epochs.every((epoch) => Number.isSafeInteger(epoch) && epoch >= 1))
    },
  },
  {
    id: 'DS4',
    title: 'acquiring what this membership already holds returns the same epoch',
    async check(world) {
      const [a] = await joinTwo(world)

      const first = await a.acquire(shards)
      const second = await a.acquire(shards)

      assert.deepEqual(second, first)
      assert.deepEqual(
        first.map((result) => result.shard),
        shards,
        'results stand in the order of the shards',
      )
    },
  },
  {
    id: 'DS5',
    title: 'released locks become free, and watchers are told',
    async check(world) {
      const [a, b] = await joinTwo(world)
      const { discovery } = await world.connect()
      await a.acquire(shards)
      await using log = await new WatchLog(world, discovery).begun()

      await a.release(shards)
      await log.until('watchers were told', () => log.changes.length >= shards.length)

      assert.deepEqual(log.changes.toSorted(), shards.map((each) => `${each} unlocked`).toSorted())
      assert.ok((await b.acquire(shards)).every(isAcquired))
    },
  },
  {
    id: 'DS5b',
    title: 'locks that are not held are not released',
    async check(world) {
      const [a, b] = await joinTwo(world)
      const before = await a.acquire([shard])

      await b.release(shards)

      assert.deepEqual(await a.acquire([shard]), before)
    },
  },
  {
    id: 'DS5c',
    title: 'all locks of a membership that is disposed become free, and watchers are told',
    async check(world) {
      const [a, b] = await joinTwo(world)
      const { discovery } = await world.connect()
      await a.acquire(shards)
      await using log = await new WatchLog(world, discovery).begun()

      await a[Symbol.asyncDispose]()
      await log.until('watchers were told', () => log.changes.length > shards.length)

      const told = [...shards.map((each) => `${each} unlocked`), 'instance-a left']
      assert.deepEqual(log.changes.toSorted(), told.toSorted())
      assert.ok((await b.acquire(shards)).every(isAcquired))
    },
  },
]

async function joinTwo(world: DiscoveryWorld): Promise<readonly [Membership, Membership]> {
  const [a, b] = [await world.connect(), await world.connect()]
  return [await a.discovery.join(runnerInfo('a')), await b.discovery.join(runnerInfo('b'))]
}

async function acquireEpoch(membership: Membership, of: ShardId): Promise<Epoch> {
  const [result] = await membership.acquire([of])
  assert.equal(result?.kind, 'acquired')
  return result.epoch
}

const isAcquired = ({ kind }: AcquireResult): boolean => kind === 'acquired'
