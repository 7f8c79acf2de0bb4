import { activity, decode, defineEntity, encode, parseShardId, rpc } from '@cruster/core'
import type { RegistrationEvent, Sharding } from '@cruster/sharding'
import type { TestCluster } from '@cruster/testing'
import { expect, it } from 'vitest'
import { Counter, counter } from './counter.ts'
import { gate } from './gate.ts'
import { startCluster } from './start-cluster.ts'

const address = (sharding: Sharding, id: string) => ({ shard: sharding.getShardId(Counter, id), type: 'Counter', id })
const shardingOf = (cluster: TestCluster): Sharding => cluster.runners[0]!.runner.sharding

it('says where an entity lives, and whether that is here', async () => {
  const cluster = await startCluster({ register: [counter], runners: 2 })
  const shard = shardingOf(cluster).getShardId(Counter, 'a')

  const owners = cluster.runners.filter(({ runner }) => runner.sharding.hasShardId(shard))

  expect(parseShardId(shard).group).toBe('default')
  expect(owners).toEqual([cluster.ownerOf(Counter, 'a')])
})

it('makes ids that grow and are unique in the cluster', async () => {
  const cluster = await startCluster({ register: [counter], runners: 3 })

  const ids = cluster.runners.flatMap(({ runner }) =>
    Array.from({ length: 100 }, () => BigInt(runner.sharding.snowflake())),
  )

  expect(new Set(ids).size).toBe(300)
  expect(ids.slice(0, 100)).toEqual(ids.slice(0, 100).toSorted((a, b) => Number(a - b)))
})

it('sends encoded requests, and repeats one with its id for the same answer', async () => {
  const cluster = await startCluster({ register: [counter], runners: 2 })
  const sharding = shardingOf(cluster)
  const raw = {
    id: sharding.snowflake(),
    address: address(sharding, 'a'),
    method: 'increment',
    payload: encode(5),
    repeatable: true,
  }

  const exit = await sharding.send(raw)
  await sharding.notify({ ...raw, id: sharding.snowflake() })
  await cluster.clock.runUntilIdle()

  expect(exit.kind === 'success' && decode(exit.value)).toBe(5)
  expect(await sharding.repliesFor(raw.id)).toEqual(exit)
  expect(await cluster.client(Counter).get('a').getCount()).toBe(10)
})

it('answers a failure as data', async () => {
  const cluster = await startCluster({ register: [counter], runners: 2 })
  const sharding = shardingOf(cluster)

  const exit = await sharding.send({
    address: address(sharding, 'a'),
    method: 'fly',
    payload: encode(1),
    repeatable: false,
  })

  expect(exit).toMatchObject({ kind: 'failure', error: { code: 'METHOD_NOT_FOUND' } })
})

it('rejects a notification that its owner refuses', async () => {
  const cluster = await startCluster({ register: [counter], runners: 2 })
  const sharding = shardingOf(cluster)
  const raw = { address: address(sharding, 'a'), method: 'fly', payload: encode(1), repeatable: false }

  await expect(sharding.notify(raw)).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
})

const Slow = defineEntity('Slow', { methods: { work: rpc<void, string>({ persisted: true }), other: activity() } })

it('waits for the reply to a request that runs elsewhere', async () => {
  const door = gate()
  const slow = Slow.implement({
    work: async () => {
      await door.opened
      return 'done'
    },
    other: () => {},
  })
  const cluster = await startCluster({ register: [slow], runners: 2 })
  const sharding = shardingOf(cluster)
  const id = sharding.snowflake()
  const target = { shard: sharding.getShardId(Slow, 'a'), type: 'Slow', id: 'a' }
  await sharding.notify({ id, address: target, method: 'work', payload: encode(undefined), repeatable: true })

  const waiting = sharding.awaitReply(id)
  expect(await sharding.repliesFor(id)).toBeUndefined()
  await cluster.clock.advance('3s')
  door.open()

  expect(await cluster.settled(waiting)).toMatchObject({ kind: 'success' })
})

it('waits for a reply no longer than it was told to', async () => {
  const cluster = await startCluster({ register: [counter], runners: 1 })
  const sharding = shardingOf(cluster)

  const waiting = sharding.awaitReply(sharding.snowflake(), 2000)

  await expect(cluster.settled(waiting)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
})

it('tells of registrations until it is told to stop', async () => {
  const cluster = await startCluster({ runners: 1 })
  const [runner] = cluster.runners
  const events: RegistrationEvent[] = []

  const stop = runner!.runner.sharding.registrationEvents((event) => events.push(event))
  runner!.runner.register(counter)
  stop()
  runner!.runner.register(Slow.implement({ work: () => '', other: () => {} }))

  expect(events).toEqual([{ kind: 'EntityRegistered', type: 'Counter' }])
})

it('finds stored messages at once when it is told to look', async () => {
  const cluster = await startCluster({ register: [counter], runners: 2 })
  const owner = cluster.ownerOf(Counter, 'a')
  const sender = cluster.runners.find((runner) => runner !== owner)!
  cluster.partition(sender, owner)
  await sender.runner.client(Counter).notify('a').increment(5)

  await owner.runner.sharding.pollStorage()
  await cluster.clock.runUntilIdle()

  expect(await cluster.client(Counter).get('a').getCount()).toBe(5)
})

it('shuts its runner down', async () => {
  const cluster = await startCluster({ register: [counter], runners: 2 })
  const { sharding } = cluster.runners[0]!.runner

  expect(sharding.isShutdown).toBe(false)
  await cluster.settled(sharding.shutdown())

  expect(sharding.isShutdown).toBe(true)
})

it('calls methods that have the names of what a client is made of', async () => {
  const Odd = defineEntity('Odd', {
    methods: { id: rpc<void, string>(), get: rpc<void, string>(), name: rpc<void, string>() },
  })
  const odd = Odd.implement({ id: ({ id }) => `id of ${id}`, get: () => 'got', name: () => 'named' })
  const cluster = await startCluster({ register: [odd], runners: 1 })
  const one = cluster.client(Odd).get('a')

  expect([await one.id(), await one.get(), await one.name()]).toEqual(['id of a', 'got', 'named'])
})
