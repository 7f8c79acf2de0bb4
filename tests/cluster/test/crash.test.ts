import { expect, it } from 'vitest'
import { Counter, counter } from './counter.ts'
import { failureOf } from './failure-of.ts'
import { latency } from './latency.ts'
import { incrementAll, readAll } from './load.ts'
import { startCluster } from './start-cluster.ts'

it('keeps every acknowledged increment exactly once when a runner crashes under load', async () => {
  const cluster = await startCluster({ runners: 3, register: [counter], seed: 7, faults: latency(7) })
  const counters = cluster.client(Counter)

  const load = incrementAll(counters, 20)
  await cluster.clock.advance('50ms')
  await cluster.crash(cluster.ownerOf(Counter, 'counter-0'))
  const { acknowledged, errors } = await cluster.settled(load, 'every call has an end')

  expect(errors).toEqual([])
  expect(await readAll(cluster, counters)).toEqual(acknowledged)
})

it('fails no call when a runner stops under load', async () => {
  const cluster = await startCluster({ runners: 3, register: [counter], seed: 8, faults: latency(8) })
  const counters = cluster.client(Counter)

  const load = incrementAll(counters, 20)
  await cluster.clock.advance('50ms')
  await cluster.stop(cluster.ownerOf(Counter, 'counter-0'))
  const { acknowledged, errors } = await cluster.settled(load, 'every call has an end')

  expect(errors).toEqual([])
  expect(await readAll(cluster, counters)).toEqual(acknowledged)
})

it('refuses the writes of a runner that was paused for longer than its lease', async () => {
  const cluster = await startCluster({ runners: 3, register: [counter], seed: 9 })
  const counters = cluster.client(Counter)
  await counters.get('a').increment(1)
  const zombie = cluster.ownerOf(Counter, 'a')

  await cluster.pause(zombie)
  // It has run the handler, and hands the write to storage when it is awake again.
  const written = zombie.runner.client(Counter).get('a').increment(10)
  await cluster.clock.advance('11s')
  const after = await cluster.settled(counters.get('a').increment(1))
  await cluster.resume(zombie)

  expect(after).toBe(2)
  expect(await cluster.settled(written)).toBe(12)
  expect(await counters.get('a').getCount()).toBe(12)
})

it('lets a runner that lost its lease rejoin by itself', async () => {
  const cluster = await startCluster({ runners: 3, register: [counter], seed: 10 })
  const [zombie] = cluster.runners
  const before = zombie!.runner.instanceId

  await cluster.pause(zombie!)
  await cluster.clock.advance('30s')
  expect(zombie!.runner.ownedShards).toBeGreaterThan(0)
  await cluster.resume(zombie!)
  await cluster.balanced()

  expect(zombie!.runner.instanceId).not.toBe(before)
  expect(zombie!.runner.ownedShards).toBeGreaterThan(0)
})

it('answers a call after the cut between its client and the owner has healed', async () => {
  const cluster = await startCluster({ runners: 2, register: [counter], seed: 11 })
  const owner = cluster.ownerOf(Counter, 'a')
  await cluster.client(Counter).get('a').increment(1)

  cluster.partition('client', owner)
  const call = cluster.client(Counter).get('a').increment(1)
  await cluster.clock.advance('15s')
  cluster.heal()

  expect(await cluster.settled(call)).toBe(2)
})

it('says unknown when the cut between a client and the owner outlasts the deadline', async () => {
  const cluster = await startCluster({ runners: 2, register: [counter], seed: 12 })
  const owner = cluster.ownerOf(Counter, 'a')
  await cluster.client(Counter).get('a').increment(1)

  cluster.partition('client', owner)
  const call = cluster.client(Counter).get('a').increment(1)
  const failed = failureOf(call)

  await cluster.clock.advance('31s')
  expect(await failed).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'unknown' })
})

it('answers calls once storage can be reached again', async () => {
  const cluster = await startCluster({ runners: 2, register: [counter], seed: 13 })
  const counters = cluster.client(Counter)
  const owner = cluster.ownerOf(Counter, 'a')
  await counters.get('a').increment(1)

  cluster.failStorage(owner)
  await expect(counters.get('a').increment(1)).rejects.toMatchObject({ code: 'STORAGE' })
  await expect(counters.get('a').getCount()).rejects.toMatchObject({ code: 'STORAGE' })
  cluster.failStorage(owner, 'off')

  expect(await cluster.settled(counters.get('a').increment(1))).toBe(2)
})

it('hands shards over when a runner loses its way to the registry', async () => {
  const cluster = await startCluster({ runners: 3, register: [counter], seed: 14 })
  const counters = cluster.client(Counter)
  const owner = cluster.ownerOf(Counter, 'a')
  await counters.get('a').increment(1)

  cluster.partition(owner, 'registry')
  await cluster.until('somebody else owns it', () => {
    const now = cluster.findOwner(Counter, 'a')
    return now !== undefined && now !== owner
  })

  expect(await cluster.settled(counters.get('a').increment(1))).toBe(2)
  expect(owner.runner.ownedShards).toBe(0)
})

it('aborts what runs when the lease is lost', async () => {
  const aborted: unknown[] = []
  const stuck = Counter.implement({
    increment: async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      aborted.push((signal.reason as Error).name)
      return 0
    },
    getCount: () => 0,
    async *watch() {},
  })
  const cluster = await startCluster({ register: [stuck], runners: 1 })
  const [owner] = cluster.runners
  const call = failureOf(cluster.client(Counter).get('a').increment(1, { timeout: '20s' }))
  await cluster.clock.runUntilIdle()

  cluster.partition(owner!, 'registry')
  await cluster.clock.advance('9.7s')
  expect(aborted).toEqual([])
  await cluster.clock.advance('200ms')

  expect(aborted).toEqual(['RunnerUnavailable'])
  await cluster.settled(call)
})

it('takes a restarted runner back with its shards', async () => {
  const cluster = await startCluster({ runners: 3, register: [counter], seed: 15 })
  const counters = cluster.client(Counter)
  const owner = cluster.ownerOf(Counter, 'a')
  await counters.get('a').increment(1)

  await cluster.crash(owner)
  await cluster.restart(owner)
  await cluster.balanced()

  expect(cluster.ownerOf(Counter, 'a')).toBe(owner)
  expect(await counters.get('a').increment(1)).toBe(2)
})
