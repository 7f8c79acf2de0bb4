import assert from 'node:assert/strict'
import { shardId } from '@cruster/core'
import type { Law } from '../../law.ts'
import type { DiscoveryWorld } from './discovery-world.ts'
import { runnerInfo } from './runner-info.ts'
import { WatchLog } from './watch-log.ts'

const one = shardId('default', 1)
const two = shardId('default', 2)

export const watchLaws: readonly Law<DiscoveryWorld>[] = [
  {
    id: 'DS1',
    title: 'a watch starts with a snapshot, then reports every later change, in order',
    async check(world) {
      const [a, b] = [await world.connect(), await world.connect()]
      const membership = await a.discovery.join(runnerInfo('a'))
      const [first] = await membership.acquire([one])
      await using log = await new WatchLog(world, b.discovery).begun()

      await membership.update(runnerInfo('a', { state: 'draining' }))
      await membership.acquire([two])
      await membership.release([one])
      const other = await b.discovery.join(runnerInfo('b'))
      await other[Symbol.asyncDispose]()
      await log.until('all changes were reported', () => log.changes.includes('instance-b left'))

      assert.deepEqual(log.events[0], {
        kind: 'snapshot',
        runners: [runnerInfo('a')],
        locks: [
          { shard: one, instanceId: runnerInfo('a').instanceId, epoch: first?.kind === 'acquired' && first.epoch },
        ],
      })
      assert.deepEqual(log.changes, [
        'a:9000 is draining',
        'default:2 locked by instance-a',
        'default:1 unlocked',
        'b:9000 is active',
        'instance-b left',
      ])
    },
  },
  {
    id: 'DS1b',
    title: 'a watch ends when its signal aborts',
    async check(world) {
      const { discovery } = await world.connect()
      const end = new AbortController()
      const batches = discovery.watch(end.signal)[Symbol.asyncIterator]()
      await batches.next()
      let isOver = false

      const rest = batches.next().then((next) => (isOver = next.done === true))
      end.abort()
      await world.advance(1000)

      assert.ok(isOver, 'it goes on')
      await rest
    },
  },
  {
    id: 'DS9',
    title: '`update` changes what watchers see and keeps all locks',
    async check(world) {
      const [a, b] = [await world.connect(), await world.connect()]
      const membership = await a.discovery.join(runnerInfo('a'))
      const [before] = await membership.acquire([one])
      await using log = await new WatchLog(world, b.discovery).begun()
      const changed = runnerInfo('a', {
        state: 'draining',
        weight: 3,
        zone: undefined,
        groups: [],
        entityTypes: ['Other'],
      })

      await membership.update(changed)
      await log.until('the change was reported', () => log.events.some(({ kind }) => kind === 'runnerChanged'))

      assert.deepEqual(log.events.slice(1).map(withoutAbsent), [
        withoutAbsent({ kind: 'runnerChanged', runner: changed }),
      ])
      assert.deepEqual(await membership.acquire([one]), [before])
      await using late = await new WatchLog(world, b.discovery).begun()
      const [snapshot] = late.events
      assert.equal(snapshot?.kind === 'snapshot' && snapshot.locks.length, 1)
      assert.deepEqual(snapshot?.kind === 'snapshot' && snapshot.runners.map(withoutAbsent), [withoutAbsent(changed)])
    },
  },
]

/** A field that is undefined and one that is absent say the same. */
function withoutAbsent(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
