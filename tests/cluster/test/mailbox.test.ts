import { activity, defineEntity, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { collected } from './collected.ts'
import { Counter, counter } from './counter.ts'
import { failureOf } from './failure-of.ts'
import { gate } from './gate.ts'
import { startCluster } from './start-cluster.ts'

const Desk = defineEntity('Desk', {
  state: () => ({ items: [] as string[] }),
  mailboxCapacity: 3,
  methods: {
    put: activity<string>(),
    list: rpc<void, readonly string[]>(),
    wait: rpc<string, string>(),
  },
})

it('refuses a call when the mailbox is full', async () => {
  const door = gate()
  const desk = Desk.implement({
    put: () => door.opened,
    list: ({ state }) => state.items,
    wait: (_, word) => word,
  })
  const cluster = await startCluster({ register: [desk] })
  const calls = ['a', 'b', 'c'].map((item) => cluster.client(Desk).get('1').put(item))
  await cluster.clock.runUntilIdle()

  await expect(cluster.client(Desk).get('1').put('d')).rejects.toMatchObject({
    code: 'MAILBOX_FULL',
    outcome: 'not-started',
  })
  expect(await cluster.client(Desk).get('2').list()).toEqual([])
  door.open()
  await Promise.all(calls)

  await cluster.client(Desk).get('1').put('e')
})

it('runs rpcs at the same time', async () => {
  const door = gate()
  let inside = 0
  const desk = Desk.implement({
    put: () => {},
    list: ({ state }) => state.items,
    wait: async (_, word) => {
      inside += 1
      await door.opened
      return word
    },
  })
  const cluster = await startCluster({ register: [desk] })

  const calls = ['a', 'b', 'c'].map((word) => cluster.client(Desk).get('1').wait(word))
  await cluster.clock.runUntilIdle()
  expect(inside).toBe(3)
  door.open()

  expect(await Promise.all(calls)).toEqual(['a', 'b', 'c'])
})

it('runs activities one after the other, in the order in which they came', async () => {
  const log: string[] = []
  const doors = { a: gate(), b: gate(), c: gate() }
  const desk = Desk.implement({
    put: async ({ state }, item) => {
      log.push(`${item} begins`)
      await doors[item as keyof typeof doors].opened
      state.items.push(item)
      log.push(`${item} ends`)
    },
    list: ({ state }) => state.items,
    wait: (_, word) => word,
  })
  const cluster = await startCluster({ register: [desk] })

  const calls = ['a', 'b', 'c'].map((item) => cluster.client(Desk).get('1').put(item))
  for (const door of [doors.c, doors.b, doors.a]) {
    await cluster.clock.runUntilIdle()
    door.open()
  }
  await Promise.all(calls)

  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  expect(await cluster.client(Desk).get('1').list()).toEqual(['a', 'b', 'c'])
})

it('shows an rpc beside a running activity the committed state', async () => {
  const door = gate()
  const desk = Desk.implement({
    put: async ({ state }, item) => {
      state.items.push(item)
      await door.opened
    },
    list: ({ state }) => state.items,
    wait: (_, word) => word,
  })
  const cluster = await startCluster({ register: [desk] })

  const call = cluster.client(Desk).get('1').put('a')
  await cluster.clock.runUntilIdle()
  expect(await cluster.client(Desk).get('1').list()).toEqual([])
  door.open()
  await call

  expect(await cluster.client(Desk).get('1').list()).toEqual(['a'])
})

it('shows nobody a state whose commit is under way', async () => {
  const desk = Desk.implement({
    put: ({ state }, item) => void state.items.push(item),
    list: ({ state }) => state.items,
    wait: (_, word) => word,
  })
  const cluster = await startCluster({ register: [desk], runners: 1 })
  const [runner] = cluster.runners
  const desks = runner!.runner.client(Desk)
  await desks.get('1').put('a')

  cluster.failStorage(runner!, 'unanswered')
  const failed = failureOf(desks.get('1').put('b'))
  const seen = await desks.get('1').list()
  expect(await failed).toMatchObject({ code: 'STORAGE', outcome: 'unknown' })
  cluster.failStorage(runner!, 'off')

  expect(seen).toEqual(['a'])
  expect(await cluster.settled(desks.get('1').list())).toEqual(['a', 'b'])
})

it('drops what an activity did to its state when it throws', async () => {
  const desk = Desk.implement({
    put: ({ state }, item) => {
      state.items.push(item)
      if (item === 'bad') throw new Error('no room')
    },
    list: ({ state }) => state.items,
    wait: (_, word) => word,
  })
  const cluster = await startCluster({ register: [desk] })
  const one = cluster.client(Desk).get('1')

  await one.put('a')
  await expect(one.put('bad')).rejects.toMatchObject({ message: expect.stringContaining('no room') })
  await one.put('b')

  expect(await one.list()).toEqual(['a', 'b'])
})

it('freezes the state of an rpc', async () => {
  const desk = Desk.implement({
    put: ({ state }, item) => void state.items.push(item),
    list: ({ state }) => {
      ;(state.items as string[]).push('smuggled')
      return state.items
    },
    wait: ({ state }) => state.items.join(','),
  })
  const cluster = await startCluster({ register: [desk] })
  const one = cluster.client(Desk).get('1')
  await one.put('a')

  await expect(one.list()).rejects.toThrow('not extensible')

  expect(await one.wait('')).toBe('a')
})

it('counts every one of many equal calls', async () => {
  const desk = Desk.implement({
    put: ({ state }, item) => void state.items.push(item),
    list: ({ state }) => state.items,
    wait: (_, word) => word,
  })
  const cluster = await startCluster({ register: [desk], config: { mailboxCapacity: 1000 } })

  for (let round = 0; round < 20; round += 1) await cluster.client(Desk).get('1').put('same')

  expect(await cluster.client(Desk).get('1').list()).toHaveLength(20)
})

const Plain = defineEntity('Plain', { methods: { work: rpc<string, string>() } })

it('runs rpcs of a stateless entity one at a time by default', async () => {
  let inside = 0
  let most = 0
  const plain = Plain.implement({
    work: async (_, word) => {
      inside += 1
      most = Math.max(most, inside)
      await Promise.resolve()
      inside -= 1
      return word
    },
  })
  const cluster = await startCluster({ register: [plain] })

  const words = await Promise.all(['a', 'b', 'c'].map((word) => cluster.client(Plain).get('1').work(word)))

  expect(words).toEqual(['a', 'b', 'c'])
  expect(most).toBe(1)
})

const Node = defineEntity('Node', {
  state: () => ({ visits: 0 }),
  methods: { visit: activity<readonly string[], number>(), peek: rpc<readonly string[], number>() },
})

it('detects a call that would wait for itself', async () => {
  const node = Node.implement({
    visit: async ({ state, client }, [next, ...rest]) => {
      state.visits += 1
      return next === undefined ? 1 : 1 + (await client(Node).get(next).visit(rest))
    },
    peek: ({ state }) => state.visits,
  })
  const cluster = await startCluster({ register: [node], runners: 3 })
  const nodes = cluster.client(Node)

  expect(await nodes.get('a').visit(['b', 'c'])).toBe(3)
  await expect(nodes.get('a').visit(['b', 'a'])).rejects.toMatchObject({ code: 'CALL_CYCLE' })

  expect(await nodes.get('a').visit([])).toBe(1)
})

it('lets an activity be read by those it calls', async () => {
  const node = Node.implement({
    visit: async ({ state, client, id }, [next]) => {
      state.visits += 1
      return next === undefined ? 0 : client(Node).get(next).peek([id])
    },
    peek: async ({ client, state }, [back]) => (back === undefined ? state.visits : client(Node).get(back).peek([])),
  })
  const cluster = await startCluster({ register: [node], runners: 3 })

  expect(await cluster.client(Node).get('a').visit(['b'])).toBe(0)
})

const Queue = defineEntity('Queue', {
  state: () => ({ runs: 0 }),
  methods: {
    outer: rpc<string, string>({ persisted: true }),
    inner: rpc<void, string>({ persisted: true }),
    act: activity<string, string>(),
  },
})
const queue = Queue.implement({
  outer: ({ client }, id) => client(Queue).get(id).inner(),
  inner: () => 'inner',
  act: ({ client }, id) => client(Queue).get(id).inner(),
})

it('detects a stored call that would wait behind whoever waits for it', async () => {
  const cluster = await startCluster({ register: [queue], runners: 2 })
  const one = cluster.client(Queue).get('a')

  await expect(one.outer('a')).rejects.toMatchObject({ code: 'CALL_CYCLE' })
  await expect(one.act('a')).rejects.toMatchObject({ code: 'CALL_CYCLE' })

  expect(await one.outer('b')).toBe('inner')
  expect(await one.act('b')).toBe('inner')
})

it('says of a stream too many that there are too many streams', async () => {
  const cluster = await startCluster({ register: [counter], config: { streamCapacity: 1 } })
  const one = cluster.client(Counter).get('a')
  const reading = one.watch()[Symbol.asyncIterator]()
  await cluster.settled(reading.next())

  const refusal = await failureOf(cluster.settled(collected(one.watch(), 1)))

  expect(refusal).toMatchObject({ code: 'MAILBOX_FULL', crowd: 'streams', capacity: 1 })
  expect(String(refusal)).toContain('streamCapacity')
  await reading.return?.()
})
