import { activity, defineEntity, rpc } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import { TestCluster, WaitFailed } from '@cruster/testing'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import { expect, it } from 'vitest'

const Counter = defineEntity('Counter', {
  state: () => ({ count: 0 }),
  methods: { increment: activity<number, number>(), draw: rpc<void, string>() },
})
const counter = Counter.implement({
  increment: ({ state }, by) => (state.count += by),
  draw: ({ request }) => request.id,
})

it('starts with every shard at its owner', async () => {
  await using cluster = await TestCluster.start({ runners: 3, register: [counter] })

  const owned = cluster.runners.map(({ runner }) => runner.ownedShards)

  expect(owned.reduce((sum, each) => sum + each)).toBe(300)
  expect(Math.min(...owned)).toBeGreaterThan(50)
})

it('does the same for the same seed', async () => {
  const play = async (seed: number): Promise<string> => {
    await using cluster = await TestCluster.start({ runners: 3, register: [counter], seed })
    await cluster.client(Counter).get('a').increment(1)
    await cluster.crash(cluster.ownerOf(Counter, 'a'))
    await cluster.settled(cluster.client(Counter).get('a').increment(1))
    return JSON.stringify([
      cluster.clock.monotonic(),
      cluster.describe(),
      await cluster.client(Counter).get('a').draw(),
    ])
  }

  expect(await play(3)).toBe(await play(3))
  expect(await play(4)).not.toBe(await play(3))
})

it('names the owner of an entity', async () => {
  await using cluster = await TestCluster.start({ runners: 3, register: [counter] })
  const owner = cluster.ownerOf(Counter, 'a')

  await cluster.crash(owner)
  expect(cluster.findOwner(Counter, 'a')).toBeUndefined()
  expect(() => cluster.ownerOf(Counter, 'a')).toThrow('Nobody owns Counter/a')
  await cluster.until('somebody else owns it', () => cluster.findOwner(Counter, 'a') !== undefined)

  expect(cluster.ownerOf(Counter, 'a')).not.toBe(owner)
})

it('says what it waited for in vain, and shows the cluster', async () => {
  await using cluster = await TestCluster.start({ runners: 2, register: [counter] })
  await cluster.crash(cluster.runners[1]!)

  const waited = cluster.until('the moon is full', () => false, { within: '1s' })

  const failure = await waited.catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(WaitFailed)
  expect((failure as WaitFailed).message).toMatch(
    /the moon is full[^]*runner-1 running \d+ shards: default:[\d,-]+[^]*runner-2 crashed[^]*timers \d+ pending/u,
  )
})

it('tells why a condition could not be looked at', async () => {
  await using cluster = await TestCluster.start({ register: [counter] })
  const cause = new Error('broken telescope')
  const look = (): boolean => {
    throw cause
  }

  await expect(cluster.until('a star', look, { within: 10 })).rejects.toMatchObject({ cause })
})

it('lets time pass for a condition that itself needs time', async () => {
  await using cluster = await TestCluster.start({ runners: 2, register: [counter] })
  const owner = cluster.ownerOf(Counter, 'a')

  await cluster.crash(owner)
  await cluster.until('it counts', async () => (await cluster.client(Counter).get('a').increment(1)) > 0)

  expect(cluster.clock.monotonic()).toBeGreaterThan(1000)
})

it('waits for a lease before it restarts a runner that crashed', async () => {
  await using cluster = await TestCluster.start({ register: [counter], leaseTtl: '30s' })
  const [runner] = cluster.runners

  await cluster.crash(runner!)
  await cluster.restart(runner!)

  expect(cluster.clock.monotonic()).toBeGreaterThan(19_000)
  expect(runner!.runner.ownedShards).toBe(300)
})

it('refuses what a runner cannot undergo as it is', async () => {
  await using cluster = await TestCluster.start({ runners: 2, register: [counter] })
  const [runner] = cluster.runners
  await cluster.pause(runner!)

  await expect(cluster.pause(runner!)).rejects.toThrow('runner-1 is paused')
  await expect(cluster.stop(runner!)).rejects.toThrow('runner-1 is paused')
  await cluster.resume(runner!)
  await expect(cluster.resume(runner!)).rejects.toThrow('runner-1 is running')
})

it('leaves nothing behind after everything that can be done to it', async () => {
  const cluster = await TestCluster.start({ runners: 4, register: [counter] })
  const [one, two, three, four] = cluster.runners
  await cluster.pause(one!)
  cluster.partition(two!, 'client')
  cluster.partition(three!, 'registry')
  cluster.partition('client', 'registry')
  cluster.failStorage(two!)
  await cluster.crash(four!)
  await cluster.clock.advance('20s')

  await cluster[Symbol.asyncDispose]()
  await cluster[Symbol.asyncDispose]()

  expect(cluster.clock.pendingTimers()).toEqual([])
  expect(cluster.openLines).toBe(0)
})

it('goes on with the storage and the clock of another', async () => {
  const clock = new VirtualClock()
  await using storage = await openSqliteStorage({ file: ':memory:', clock })
  for (const expected of [1, 2, 3]) {
    await using cluster = await TestCluster.start({ register: [counter], storage, clock })
    await clock.advance(1)
    expect(await cluster.client(Counter).get('a').increment(1)).toBe(expected)
  }
})

it('runs on the time of the system too', async () => {
  await using cluster = await TestCluster.start({ runners: 2, register: [counter], clock: 'system' })

  expect(await cluster.client(Counter).get('a').increment(5)).toBe(5)
  expect(() => cluster.clock).toThrow('virtual')
})
