import type { RequestId } from '@cruster/core'
import { activity, decodeError, defineEntity, encode, error, rpc } from '@cruster/core'
import type { Runner } from '@cruster/sharding'
import { expect, it } from 'vitest'
import { failureOf } from './failure-of.ts'
import { gate } from './gate.ts'
import { startCluster } from './start-cluster.ts'

const Till = defineEntity('Till', {
  state: () => ({ total: 0 }),
  errors: { Empty: error<{ total: number }>() },
  methods: {
    take: activity<number, number>(),
    give: activity<number, number>({ retention: '1 minute' }),
    print: rpc<string, string>({ persisted: true }),
    total: rpc<void, number>(),
  },
})

let prints = 0
const till = Till.implement({
  take: ({ state }, amount) => (state.total += amount),
  give: ({ state }, amount) => {
    if (state.total < amount) throw new Till.errors.Empty({ total: state.total })
    return (state.total -= amount)
  },
  print: (_, text) => `${text} ${(prints += 1)}`,
  total: ({ state }) => state.total,
})

const key = { idempotencyKey: 'order-7' }

it('counts equal calls without a key each for itself', async () => {
  const cluster = await startCluster({ register: [till] })
  const one = cluster.client(Till).get('a')

  expect([await one.take(5), await one.take(5), await one.take(5)]).toEqual([5, 10, 15])
})

it('gives the second call with a key the answer of the first', async () => {
  const cluster = await startCluster({ register: [till], runners: 2 })
  const one = cluster.client(Till).get('a')

  expect(await one.take(5, key)).toBe(5)
  expect(await one.take(1)).toBe(6)
  expect(await one.take(5, key)).toBe(5)
  expect(await one.total()).toBe(6)
})

it('runs concurrent calls with one key once', async () => {
  const cluster = await startCluster({ register: [till], runners: 2 })
  const clients = [cluster.client(Till), ...cluster.runners.map(({ runner }) => runner.client(Till))]

  const answers = await Promise.all(clients.map((tills) => tills.get('a').take(5, key)))

  expect(answers).toEqual([5, 5, 5])
  expect(await cluster.client(Till).get('a').total()).toBe(5)
})

it('refuses the same key with another input', async () => {
  const cluster = await startCluster({ register: [till], runners: 2 })
  const one = cluster.client(Till).get('a')
  await one.take(5, key)

  await expect(one.take(6, key)).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })

  expect(await one.total()).toBe(5)
})

const Slow = defineEntity('Slow', { state: () => ({ n: 0 }), methods: { take: activity<number, number>() } })
/** Counts how often it runs, and waits. */
function slowTill(opened: Promise<void>, ran: number[]) {
  return Slow.implement({
    take: async ({ state }, amount) => {
      ran.push(amount)
      await opened
      return (state.n += amount)
    },
  })
}

it('does not run a repeated call again', async () => {
  const ran: number[] = []
  const cluster = await startCluster({ register: [slowTill(Promise.resolve(), ran)], runners: 2 })
  const one = cluster.client(Slow).get('a')

  expect([await one.take(5, key), await one.take(5, key)]).toEqual([5, 5])

  expect(ran).toEqual([5])
})

it('refuses the same key with another input while the first call runs', async () => {
  const ran: number[] = []
  const door = gate()
  const cluster = await startCluster({ register: [slowTill(door.opened, ran)], runners: 2 })
  const one = cluster.client(Slow).get('a')

  const first = one.take(5, key)
  await cluster.clock.runUntilIdle()
  await expect(one.take(6, key)).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  door.open()

  expect(await first).toBe(5)
  expect(ran).toEqual([5])
})

it('keeps keys of entities and methods apart', async () => {
  const cluster = await startCluster({ register: [till] })
  const tills = cluster.client(Till)

  expect(await tills.get('a').take(5, key)).toBe(5)
  expect(await tills.get('b').take(6, key)).toBe(6)
  expect(await tills.get('a').give(2, key)).toBe(3)
})

it('answers a key after a crash of the owner', async () => {
  const cluster = await startCluster({ register: [till], runners: 3 })
  const one = cluster.client(Till).get('a')
  await one.take(5, key)

  await cluster.crash(cluster.ownerOf(Till, 'a'))

  expect(await cluster.settled(one.take(5, key))).toBe(5)
  expect(await one.total()).toBe(5)
})

it('answers a key with the declared error that it met first', async () => {
  const cluster = await startCluster({ register: [till] })
  const one = cluster.client(Till).get('a')
  await expect(one.give(5, key)).rejects.toBeInstanceOf(Till.errors.Empty)

  await one.take(10)

  await expect(one.give(5, key)).rejects.toMatchObject({ name: 'Empty', data: { total: 0 } })
})

it('forgets a key after its retention', async () => {
  const cluster = await startCluster({ register: [till] })
  const one = cluster.client(Till).get('a')
  await one.take(10)
  await one.give(2, key)

  await cluster.clock.advance('55s')
  expect(await one.give(2, key)).toBe(8)
  await cluster.clock.advance('3 minutes')

  expect(await one.give(2, key)).toBe(6)
})

it('answers a key of a persisted rpc', async () => {
  const cluster = await startCluster({ register: [till], runners: 2 })
  const fromClient = cluster.client(Till).get('a')
  const fromRunner = cluster.runners[0]!.runner.client(Till).get('a')

  const first = await fromClient.print('bill', key)

  expect(await fromRunner.print('bill', key)).toBe(first)
  expect(await fromClient.print('bill', key)).toBe(first)
  await expect(fromRunner.print('other', key)).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  await expect(fromClient.print('other', key)).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
})

it('sends a notification with a key once', async () => {
  const cluster = await startCluster({ register: [till], runners: 2 })

  await cluster.client(Till).notify('a').take(5, key)
  await cluster.runners[0]!.runner.client(Till).notify('a').take(5, key)
  await cluster.runners[1]!.runner.client(Till).notify('a').take(5, key)
  await cluster.clock.advance('10s')

  expect(await cluster.client(Till).get('a').total()).toBe(5)
  expect(await cluster.client(Till).get('a').take(5, key)).toBe(5)
})

it('refuses a key where nothing would be recorded', async () => {
  const cluster = await startCluster({ register: [till] })

  await expect(cluster.client(Till).get('a').total(undefined, key)).rejects.toMatchObject({ code: 'CONFIG' })
})

const raw = (runner: Runner, to: { readonly id: string; readonly method: string; readonly request: RequestId }) => ({
  id: to.request,
  address: { shard: runner.sharding.getShardId(Till, to.id), type: Till.name, id: to.id },
  method: to.method,
  payload: encode(5),
  repeatable: true,
})

it.each([
  ['another entity', { id: 'b', method: 'take' }],
  ['another method', { id: 'a', method: 'give' }],
])('does not answer a request to %s with the outcome of one that has the same id', async (_, other) => {
  const cluster = await startCluster({ register: [till] })
  const { runner } = cluster.runners[0]!
  const request = runner.sharding.snowflake()
  await runner.sharding.send(raw(runner, { id: 'a', method: 'take', request }))

  const exit = await runner.sharding.send(raw(runner, { ...other, request }))

  expect(exit.kind === 'failure' && decodeError(exit.error)).toMatchObject({
    code: 'INTERRUPTED',
    outcome: 'not-started',
  })
  expect(await cluster.client(Till).get('a').total()).toBe(5)
  expect(await cluster.client(Till).get('b').total()).toBe(0)
})

it('says so when a message cannot be stored because another has its id', async () => {
  const cluster = await startCluster({ register: [till] })
  const { sharding } = cluster.runners[0]!.runner
  const request = sharding.snowflake()
  await sharding.notify(raw(cluster.runners[0]!.runner, { id: 'a', method: 'take', request }))

  const again = await failureOf(sharding.notify(raw(cluster.runners[0]!.runner, { id: 'a', method: 'take', request })))
  const other = await failureOf(sharding.notify(raw(cluster.runners[0]!.runner, { id: 'b', method: 'take', request })))
  await cluster.clock.advance('10s')

  expect(again).toBeUndefined()
  expect(other).toMatchObject({ code: 'INTERRUPTED', outcome: 'not-started' })
  expect(await cluster.client(Till).get('a').total()).toBe(5)
  expect(await cluster.client(Till).get('b').total()).toBe(0)
})
