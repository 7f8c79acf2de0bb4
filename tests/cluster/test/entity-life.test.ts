import type { DeactivateReason } from '@cruster/core'
import { activity, defineEntity, memory, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { Counter, counter } from './counter.ts'
import { startCluster } from './start-cluster.ts'

const Session = defineEntity('Session', {
  state: memory(() => ({ visits: 0 })),
  maxIdleTime: '30s',
  methods: { visit: activity<void, number>(), fail: activity() },
})

it('evicts an entity that is idle and revives it with its state', async () => {
  const cluster = await startCluster({ register: [counter] })
  const { sharding } = cluster.runners[0]!.runner
  await cluster.client(Counter).get('a').increment(5)
  expect(sharding.activeEntityCount).toBe(1)

  await cluster.clock.advance('70s')
  expect(sharding.activeEntityCount).toBe(0)

  expect(await cluster.client(Counter).get('a').getCount()).toBe(5)
  expect(sharding.activeEntityCount).toBe(1)
})

it('keeps an entity in memory while it is called', async () => {
  const activations: string[] = []
  const cluster = await startCluster({
    register: [
      Counter.implement(
        { increment: ({ state }, by) => (state.count += by), getCount: ({ state }) => state.count, async *watch() {} },
        { onActivate: ({ id }) => void activations.push(id) },
      ),
    ],
  })

  for (let minute = 0; minute < 10; minute += 1) {
    await cluster.client(Counter).get('a').increment(1)
    await cluster.clock.advance('55s')
  }

  expect(activations).toEqual(['a'])
})

it('loses memory state with the entity', async () => {
  const session = Session.implement({ visit: ({ state }) => (state.visits += 1), fail: () => {} })
  const cluster = await startCluster({ register: [session] })
  const sessions = cluster.client(Session)
  await sessions.get('a').visit()
  expect(await sessions.get('a').visit()).toBe(2)

  await cluster.clock.advance('35s')

  expect(await sessions.get('a').visit()).toBe(1)
})

it('stays in memory when onIdle objects', async () => {
  let isBusy = true
  const session = Session.implement(
    { visit: ({ state }) => (state.visits += 1), fail: () => {} },
    { onIdle: () => isBusy },
  )
  const cluster = await startCluster({ register: [session] })
  await cluster.client(Session).get('a').visit()

  await cluster.clock.advance('5 minutes')
  expect(cluster.runners[0]!.runner.sharding.activeEntityCount).toBe(1)
  isBusy = false
  await cluster.clock.advance('35s')

  expect(cluster.runners[0]!.runner.sharding.activeEntityCount).toBe(0)
})

it('activates once for concurrent first calls', async () => {
  let activations = 0
  const session = Session.implement(
    { visit: ({ state }) => (state.visits += 1), fail: () => {} },
    { onActivate: () => void (activations += 1) },
  )
  const cluster = await startCluster({ register: [session], runners: 2 })

  const visits = await Promise.all(Array.from({ length: 50 }, () => cluster.client(Session).get('a').visit()))

  expect(activations).toBe(1)
  expect(visits).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
})

it('tells onDeactivate why', async () => {
  const reasons: DeactivateReason[] = []
  const session = Session.implement(
    {
      visit: ({ state }) => (state.visits += 1),
      fail: () => {
        throw new TypeError('a bug')
      },
    },
    { onDeactivate: (_, reason) => void reasons.push(reason) },
  )
  const cluster = await startCluster({ register: [session], runners: 2 })
  const call = cluster.client(Session).get('a')

  await call.visit()
  await cluster.clock.advance('40s')
  await expect(call.fail()).rejects.toMatchObject({ message: expect.stringContaining('a bug') })
  await call.visit()
  await cluster.stop(cluster.ownerOf(Session, 'a'))

  expect(reasons).toEqual(['idle', 'crashed', 'shutdown'])
})

it('does not make a state anew when the stored one cannot be read', async () => {
  const cluster = await startCluster({ register: [counter] })
  const [runner] = cluster.runners
  await cluster.client(Counter).get('a').increment(5)
  await cluster.clock.advance('70s')

  cluster.failStorage(runner!)
  await expect(cluster.client(Counter).get('a').increment(1)).rejects.toMatchObject({
    code: 'STORAGE',
    outcome: 'not-started',
  })
  cluster.failStorage(runner!, 'off')

  expect(await cluster.client(Counter).get('a').increment(1)).toBe(6)
})

it('tells every waiting call when onActivate throws, and tries again at the next', async () => {
  let isBroken = true
  const session = Session.implement(
    { visit: ({ state }) => (state.visits += 1), fail: () => {} },
    {
      onActivate: () => {
        if (isBroken) throw new Error('no connection')
      },
    },
  )
  const cluster = await startCluster({ register: [session] })
  const sessions = cluster.client(Session)

  const calls = [sessions.get('a').visit(), sessions.get('a').visit()]
  for (const call of calls)
    await expect(call).rejects.toMatchObject({ message: expect.stringContaining('no connection') })
  isBroken = false

  expect(await sessions.get('a').visit()).toBe(1)
})

it('evicts the longest idle entities when there are too many', async () => {
  const cluster = await startCluster({
    register: [counter],
    config: { maxResidentEntities: 10, maxIdleTime: '1 hour' },
  })
  for (let index = 0; index < 20; index += 1) {
    await cluster.client(Counter).get(`${index}`).increment(1)
    await cluster.clock.advance('10ms')
  }

  await cluster.clock.advance('10s')

  expect(cluster.runners[0]!.runner.sharding.activeEntityCount).toBe(10)
})

const Ledger = { name: 'Ledger', methods: { add: activity<number, number>(), read: rpc<void, string>() } }

it('migrates a state that older code has written', async () => {
  const first = defineEntity(Ledger.name, { state: () => ({ total: 0 }), methods: Ledger.methods })
  const second = defineEntity(Ledger.name, {
    state: {
      kind: 'persisted',
      initial: () => ({ cents: 0 }),
      schema: undefined,
      version: 2,
      migrate: (old, version) => ({ cents: (old as { total: number }).total * 100 * version }),
    },
    methods: Ledger.methods,
  })
  const cluster = await startCluster({
    runners: [{ register: [first.implement({ add: ({ state }, by) => (state.total += by), read: () => 'old' })] }],
  })
  await cluster.client(first).get('a').add(3)

  await cluster.add({
    register: [
      second.implement({ add: ({ state }, by) => (state.cents += by), read: ({ state }) => `${state.cents}` }),
    ],
  })
  await cluster.stop(cluster.runners[0]!)
  await cluster.balanced()

  expect(await cluster.client(second).get('a').read()).toBe('300')
  expect(await cluster.client(second).get('a').add(1)).toBe(301)
})
