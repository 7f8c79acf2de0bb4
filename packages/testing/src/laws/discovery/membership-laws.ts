import assert from 'node:assert/strict'
import { isCrusterError, runnerAddress, shardId } from '@cruster/core'
import { eventually } from '../../eventually.ts'
import type { Law } from '../../law.ts'
import type { DiscoveryWorld } from './discovery-world.ts'
import { runnerInfo } from './runner-info.ts'
import { WatchLog } from './watch-log.ts'

const shard = shardId('default', 1)
/** A lease may outlast its time by as much again, because a registry counts in steps of its own. */
const leasesUntilLost = 3
const stepsPerLease = 50

export const membershipLaws: readonly Law<DiscoveryWorld>[] = [
  {
    id: 'DS6',
    title: 'no two live memberships share a machine id',
    async check(world) {
      const processes = await Promise.all(Array.from({ length: 5 }, () => world.connect()))
      const joins = processes.map(({ discovery }, index) => discovery.join(runnerInfo(`r${index}`)))

      const ids = (await Promise.all(joins)).map((membership) => membership.machineId)

      assert.equal(new Set(ids).size, 5, `machine ids ${ids.join(', ')}`)
      assert.ok(ids.every((id) => Number.isInteger(id) && id >= 0 && id <= 1023))
    },
  },
  {
    id: 'DS6b',
    title: 'no two live memberships share an address: the second join is refused',
    async check(world) {
      const [a, b] = [await world.connect(), await world.connect()]
      const address = runnerAddress('same:9000')
      const first = await a.discovery.join(runnerInfo('a', { address }))

      await assert.rejects(b.discovery.join(runnerInfo('b', { address })), isDiscoveryError)
      assert.equal(first.lost.aborted, false)
      await first[Symbol.asyncDispose]()

      const second = await b.discovery.join(runnerInfo('b', { address }))
      assert.ok(second.leaseDeadline() > world.monotonic())
    },
  },
  {
    id: 'DS7',
    title: 'a membership whose lease cannot be renewed is lost, and its deadline has passed before others acquire',
    async check(world) {
      const [a, b] = [await world.connect(), await world.connect()]
      const [former, next] = [await a.discovery.join(runnerInfo('a')), await b.discovery.join(runnerInfo('b'))]
      await former.acquire([shard])
      await a.cutOff()
      const deadline = former.leaseDeadline()

      for (let step = 0; step < leasesUntilLost * stepsPerLease; step += 1) {
        const [result] = await next.acquire([shard])
        if (result?.kind === 'acquired') break
        await world.advance(world.leaseTtlMs / stepsPerLease)
      }

      assert.equal((await next.acquire([shard]))[0]?.kind, 'acquired', 'the lock never becomes free')
      assert.ok(world.monotonic() >= deadline, 'the former owner still counted on its lease')
      assert.ok(former.lost.aborted, 'the former owner was not told')
      assert.ok(former.leaseDeadline() <= world.monotonic())
    },
  },
  {
    id: 'DS7b',
    title: 'a membership that is lost leaves, and watchers are told',
    async check(world) {
      const [a, b] = [await world.connect(), await world.connect()]
      const membership = await a.discovery.join(runnerInfo('a'))
      await membership.acquire([shard])
      await using log = await new WatchLog(world, b.discovery).begun()

      await a.cutOff()
      await eventually(world, 'watchers were told', {
        withinMs: leasesUntilLost * world.leaseTtlMs,
        holds: () => log.changes.length === 2,
      })

      assert.deepEqual(log.changes.toSorted(), ['default:1 unlocked', 'instance-a left'])
      await assert.rejects(membership.acquire([shard]), isDiscoveryError)
    },
  },
  {
    id: 'DS7c',
    title: 'a membership whose lease can be renewed keeps it, and its locks',
    async check(world) {
      const [a, b] = [await world.connect(), await world.connect()]
      const membership = await a.discovery.join(runnerInfo('a'))
      const other = await b.discovery.join(runnerInfo('b'))
      await membership.acquire([shard])

      for (let step = 0; step < 4; step += 1) {
        await world.advance(world.leaseTtlMs / 2)
        assert.ok(membership.leaseDeadline() > world.monotonic(), 'the lease ran out')
      }

      assert.equal(membership.lost.aborted, false)
      assert.equal((await other.acquire([shard]))[0]?.kind, 'held')
    },
  },
]

export function isDiscoveryError(error: unknown): boolean {
  return isCrusterError(error) && error.code === 'DISCOVERY'
}
