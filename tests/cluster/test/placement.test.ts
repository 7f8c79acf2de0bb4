import { activity, defineEntity, rpc } from '@cruster/core'
import type { TestRunner } from '@cruster/testing'
import { expect, it } from 'vitest'
import { Counter, counter } from './counter.ts'
import { latency } from './latency.ts'
import { incrementAll, readAll } from './load.ts'
import { startCluster } from './start-cluster.ts'

const ids = Array.from({ length: 300 }, (_, index) => `counter-${index}`)

it('moves to a fourth runner only what it takes, and fails no call meanwhile', async () => {
  const cluster = await startCluster({ runners: 3, register: [counter], seed: 1, faults: latency(1) })
  const counters = cluster.client(Counter)
  const owners = (): Map<string, TestRunner> => new Map(ids.map((id) => [id, cluster.ownerOf(Counter, id)]))
  const before = owners()

  const load = incrementAll(counters, 20)
  await cluster.clock.advance('20ms')
  const fourth = await cluster.add()
  await cluster.balanced()
  const { acknowledged, errors } = await cluster.settled(load)

  const moved = [...owners()].filter(([id, owner]) => before.get(id) !== owner)
  expect(new Set(moved.map(([, owner]) => owner))).toEqual(new Set([fourth]))
  expect(moved.length).toBeGreaterThan(ids.length / 8)
  expect(moved.length).toBeLessThan(ids.length / 2.5)
  expect(errors).toEqual([])
  expect(await readAll(cluster, counters)).toEqual(acknowledged)
})

it('gives no shard to a runner of weight 0, which can call all the same', async () => {
  const cluster = await startCluster({ runners: [{}, { weight: 0 }], register: [counter] })
  const [first, second] = cluster.runners

  expect(first!.runner.ownedShards).toBe(300)
  expect(second!.runner.ownedShards).toBe(0)
  expect(await second!.runner.client(Counter).get('a').increment(1)).toBe(1)
})

it('gives a runner of three times the weight about three times the shards', async () => {
  const cluster = await startCluster({ runners: [{}, { weight: 3 }], register: [counter] })
  const [light, heavy] = cluster.runners

  expect(heavy!.runner.ownedShards / light!.runner.ownedShards).toBeGreaterThan(2)
  expect(heavy!.runner.ownedShards / light!.runner.ownedShards).toBeLessThan(4.5)
})

const Heavy = defineEntity('Heavy', { shardGroup: 'gpu', methods: { where: rpc<void, string>() } })

it('runs a shard group only on runners that list it', async () => {
  const heavy = Heavy.implement({ where: () => 'here' })
  const cluster = await startCluster({
    runners: [{ register: [counter] }, { register: [counter, heavy] }, { register: [counter], groups: ['default'] }],
  })
  const [, gpu] = cluster.runners

  const owners = ids.map((id) => cluster.ownerOf(Heavy, id))

  expect(new Set(owners)).toEqual(new Set([gpu]))
  expect(await cluster.client(Heavy).get('a').where()).toBe('here')
})

it('lets a call wait for a runner that can host its group', async () => {
  const heavy = Heavy.implement({ where: () => 'here' })
  const cluster = await startCluster({ runners: 1, register: [counter] })

  const call = cluster.client(Heavy).get('a').where()
  await cluster.clock.advance('5s')
  await cluster.add({ register: [heavy], groups: ['gpu'] })

  expect(await cluster.settled(call)).toBe('here')
})

const Order = defineEntity('Order', {
  colocateBy: (id) => id.split('/')[0]!,
  state: () => ({ lines: 0 }),
  methods: { add: activity<void, number>() },
})
const Basket = defineEntity('Basket', { colocateBy: (id) => id, methods: { look: rpc<void, string>() } })

it('puts entities with equal co-location keys on one shard', async () => {
  const cluster = await startCluster({
    runners: 3,
    register: [
      Order.implement({ add: ({ state }) => (state.lines += 1) }),
      Basket.implement({ look: ({ address }) => address.shard }),
    ],
  })
  const { sharding } = cluster.runners[0]!.runner

  const shards = ['c1/1', 'c1/2', 'c1/3'].map((id) => sharding.getShardId(Order, id))

  expect(new Set([...shards, sharding.getShardId(Basket, 'c1')]).size).toBe(1)
  expect(await cluster.client(Basket).get('c1').look()).toBe(shards[0])
  expect(await cluster.client(Order).get('c1/2').add()).toBe(1)
})

it('answers with EntityNotFound for a type that the owner does not know', async () => {
  const cluster = await startCluster({ runners: 1 })

  await expect(cluster.client(Counter).get('a').increment(1)).rejects.toMatchObject({
    code: 'ENTITY_NOT_FOUND',
    outcome: 'not-started',
  })
})

it('runs a type that is registered later', async () => {
  const cluster = await startCluster({ runners: 1 })
  const [runner] = cluster.runners

  const counters = runner!.runner.register(counter)

  expect(await counters.get('a').increment(2)).toBe(2)
  expect(await cluster.client(Counter).get('a').increment(2)).toBe(4)
})

it('refuses a member with another number of shards', async () => {
  const cluster = await startCluster({ runners: 1, register: [counter] })

  await expect(cluster.add({ config: { shardsPerGroup: 10 } })).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringContaining('shardsPerGroup = 300'),
  })
})

it('binds the dependencies of handlers at registration', async () => {
  const Greeter = defineEntity('Greeter', { methods: { greet: rpc<string, string>() } })
  const greeter = Greeter.implement(({ word }: { word: string }) => ({ greet: (_, name) => `${word} ${name}` }))
  const cluster = await startCluster({ register: [greeter.with({ word: 'hello' })] })

  expect(await cluster.client(Greeter).get('a').greet('you')).toBe('hello you')
})

it('shows who is in the cluster, with zones, weights and groups', async () => {
  const cluster = await startCluster({
    runners: [{ zone: 'a', weight: 2 }, { zone: 'b', groups: ['default', 'gpu'] }, {}],
    register: [counter],
  })

  const seen = cluster.runners[2]!.runner.members.filter(({ address }) => address.startsWith('runner-'))

  expect(seen.map(({ address, zone, weight, groups, state }) => ({ address, zone, weight, groups, state }))).toEqual([
    { address: 'runner-1:9000', zone: 'a', weight: 2, groups: ['default'], state: 'active' },
    { address: 'runner-2:9000', zone: 'b', weight: 1, groups: ['default', 'gpu'], state: 'active' },
    { address: 'runner-3:9000', zone: undefined, weight: 1, groups: ['default'], state: 'active' },
  ])
})

it('places shards alike whatever the zones are', async () => {
  const owned = async (zones: readonly string[]): Promise<readonly number[]> => {
    const cluster = await startCluster({ runners: zones.map((zone) => ({ zone })), register: [counter] })
    return cluster.runners.map(({ runner }) => runner.ownedShards)
  }

  expect(await owned(['a', 'a', 'b'])).toEqual(await owned(['a', 'b', 'c']))
})
