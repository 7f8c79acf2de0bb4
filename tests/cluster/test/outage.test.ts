import { activity, defineEntity, memory, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { startCluster } from './start-cluster.ts'

const Box = defineEntity('Box', {
  state: () => ({ items: [] as string[] }),
  methods: {
    add: activity<string>(),
    note: rpc<string, string>({ persisted: true }),
    list: rpc<void, readonly string[]>(),
  },
})

const notes: string[] = []
const box = Box.implement({
  add: ({ state }, item) => void state.items.push(item),
  note: (_, item) => {
    notes.push(item)
    return item
  },
  list: ({ state }) => state.items,
})

it('gives no stored message up because storage was out of reach for long', async () => {
  const cluster = await startCluster({ register: [box], runners: 2, config: { maxAttempts: 3 } })
  const owner = cluster.ownerOf(Box, 'a')
  const sender = cluster.runners.find((runner) => runner !== owner)!
  await cluster.client(Box).get('a').list()

  cluster.failStorage(owner)
  await sender.runner.client(Box).notify('a').add('x')
  await cluster.clock.advance('10 minutes')
  cluster.failStorage(owner, 'off')
  await cluster.clock.advance('15s')

  expect(await cluster.client(Box).get('a').list()).toEqual(['x'])
  expect(await owner.runner.deadLetters.list()).toEqual([])
})

it('runs a stored activity once in effect although no commit of it was answered', async () => {
  const cluster = await startCluster({ register: [box], runners: 2 })
  const owner = cluster.ownerOf(Box, 'b')
  const sender = cluster.runners.find((runner) => runner !== owner)!
  await cluster.client(Box).get('b').list()

  cluster.failStorage(owner, 'unanswered')
  await sender.runner.client(Box).notify('b').add('x')
  await cluster.clock.advance('1 minute')
  cluster.failStorage(owner, 'off')
  await cluster.clock.advance('15s')

  expect(await cluster.client(Box).get('b').list()).toEqual(['x'])
})

it('answers a persisted rpc with its recorded outcome although its commit was not answered', async () => {
  const cluster = await startCluster({ register: [box], runners: 2 })
  const owner = cluster.ownerOf(Box, 'c')
  const sender = cluster.runners.find((runner) => runner !== owner)!
  await cluster.client(Box).get('c').list()

  cluster.failStorage(owner, 'unanswered')
  const call = sender.runner.client(Box).get('c').note('once')
  await cluster.clock.runUntilIdle()
  cluster.failStorage(owner, 'off')

  expect(await cluster.settled(call)).toBe('once')
  expect(notes).toEqual(['once'])
})

it('says unknown for an activity whose commit was not answered, and goes on from what is stored', async () => {
  const cluster = await startCluster({ register: [box] })
  const [owner] = cluster.runners
  await cluster.client(Box).get('d').add('a')

  cluster.failStorage(owner!, 'unanswered')
  await expect(cluster.client(Box).get('d').add('b')).rejects.toMatchObject({ code: 'STORAGE', outcome: 'unknown' })
  cluster.failStorage(owner!, 'off')
  await cluster.settled(cluster.client(Box).get('d').add('c'))

  expect(await cluster.client(Box).get('d').list()).toEqual(['a', 'b', 'c'])
})

it('takes shards over once storage answers its claim', async () => {
  const cluster = await startCluster({ register: [box], runners: 2 })
  const [first, second] = cluster.runners

  cluster.failStorage(first!)
  await cluster.stop(second!)
  await cluster.clock.advance('1 minute')
  expect(first!.runner.ownedShards).toBeLessThan(300)
  cluster.failStorage(first!, 'off')
  await cluster.balanced()

  expect(first!.runner.ownedShards).toBe(300)
})

const Cache = defineEntity('Cache', {
  state: memory(() => ({ n: 0 })),
  methods: { add: activity<void, number>(), note: activity(), read: rpc<void, number>() },
})
const cache = Cache.implement({
  add: async ({ state, client }) => {
    await client(Cache).notify('other').note()
    return (state.n += 1)
  },
  note: () => {},
  read: ({ state }) => state.n,
})

it('takes back what an activity did to a memory state when its messages could not be stored', async () => {
  const cluster = await startCluster({ register: [cache] })
  const one = cluster.client(Cache).get('a')
  await one.add()

  cluster.failStorage(cluster.runners[0]!)
  await expect(one.add()).rejects.toMatchObject({ code: 'STORAGE' })
  cluster.failStorage(cluster.runners[0]!, 'off')

  expect(await cluster.settled(one.read())).toBe(1)
  expect(await cluster.settled(one.add())).toBe(2)
})
