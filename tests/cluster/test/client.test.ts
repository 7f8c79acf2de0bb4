import { activity, defineEntity, rpc, stream } from '@cruster/core'
import { expect, it } from 'vitest'
import { collected } from './collected.ts'
import { Counter, counter } from './counter.ts'
import { startCluster } from './start-cluster.ts'

const Everything = defineEntity('Everything', {
  state: () => ({ log: [] as string[] }),
  methods: {
    write: activity<string, number>(),
    ask: rpc<string, string>(),
    order: rpc<string, string>({ persisted: true }),
    count: stream<number, number>(),
  },
})
const everything = Everything.implement({
  write: ({ state }, line) => state.log.push(line),
  ask: (_, word) => `${word}?`,
  order: (_, word) => `${word}!`,
  async *count(_, to) {
    for (let value = 0; value < to; value += 1) yield value
  },
})

it('reaches methods of every kind from a process that hosts nothing', async () => {
  const cluster = await startCluster({ register: [everything], runners: 3 })
  const one = cluster.client(Everything).get('a')

  expect(await one.write('x')).toBe(1)
  expect(await one.ask('what')).toBe('what?')
  expect(await one.order('now')).toBe('now!')
  expect(await collected(one.count(5))).toEqual([0, 1, 2, 3, 4])
})

it('owns no shard and never becomes an owner', async () => {
  const cluster = await startCluster({ register: [everything], runners: 1 })
  await cluster.stop(cluster.runners[0]!)

  const call = cluster.client(Everything).get('a').ask('anybody', { timeout: '1 minute' })
  await cluster.clock.advance('30s')
  await cluster.restart(cluster.runners[0]!)

  expect(await cluster.settled(call)).toBe('anybody?')
})

it('goes on after all runners were replaced, one after the other', async () => {
  const cluster = await startCluster({ register: [counter], runners: 3 })
  const one = cluster.client(Counter).get('a')
  let expected = 0

  const first = [...cluster.runners]
  for (const runner of first) {
    await cluster.add()
    await cluster.stop(runner)
    expect(await cluster.settled(one.increment(1))).toBe((expected += 1))
  }
})

it('refuses what is no contract', async () => {
  const cluster = await startCluster({ register: [counter] })

  expect(() => cluster.client(counter as never)).toThrow('defineEntity')
  expect(() => cluster.client(Counter).get(7 as never)).toThrow('must be a string')
})
