import { activity, defineEntity, rpc, stream } from '@cruster/core'
import type { TestCluster } from '@cruster/testing'
import { expect, it } from 'vitest'
import { latency } from './latency.ts'
import { startCluster } from './start-cluster.ts'

const Journal = defineEntity('Journal', {
  state: () => ({ entries: [] as number[] }),
  methods: {
    write: activity<number, number>(),
    entries: rpc<void, readonly number[]>(),
    follow: stream<void, number>(),
  },
})
const journal = Journal.implement({
  write: ({ state }, entry) => state.entries.push(entry),
  entries: ({ state }) => state.entries,
  async *follow({ state, changes, resume }) {
    let told = resume?.received ?? 0
    for await (const { entries } of changes()) {
      for (; told < entries.length; told += 1) yield entries[told] ?? state.entries.length
    }
  },
})

const numbers = Array.from({ length: 150 }, (_, index) => index)

/** Adds, stops and crashes runners, so that shards move again and again. */
async function churn(cluster: TestCluster): Promise<void> {
  await cluster.clock.advance('30ms')
  await cluster.add()
  await cluster.clock.advance('20ms')
  await cluster.crash(cluster.runners[0]!)
  await cluster.clock.advance('100ms')
  await cluster.stop(cluster.runners[1]!)
  await cluster.add()
  await cluster.restart(cluster.runners[0]!)
}

it.each([1, 2, 3, 4])(
  'keeps the order and the number of stored activities while shards move (seed %i)',
  async (seed) => {
    const cluster = await startCluster({ register: [journal], runners: 3, seed, faults: latency(seed) })
    const journals = cluster.client(Journal)
    const send = async (id: string): Promise<void> => {
      for (const number of numbers) await journals.notify(id).write(number)
    }

    const sending = Promise.all(['a', 'b', 'c', 'd'].map(send))
    await churn(cluster)
    await cluster.settled(sending)
    await cluster.until('everything has arrived', async () => {
      const lists = await Promise.all(['a', 'b', 'c', 'd'].map((id) => journals.get(id).entries()))
      return lists.every((list) => list.length >= numbers.length)
    })

    for (const id of ['a', 'b', 'c', 'd']) expect(await cluster.settled(journals.get(id).entries())).toEqual(numbers)
  },
)

it.each([5, 6, 7, 8])('counts every acknowledged activity once while shards move (seed %i)', async (seed) => {
  const cluster = await startCluster({ register: [journal], runners: 3, seed, faults: latency(seed) })
  const journals = cluster.client(Journal)
  const write = async (id: string): Promise<void> => {
    for (const number of numbers) await journals.get(id).write(number)
  }

  const writing = Promise.all(['a', 'b', 'c', 'd'].map(write))
  await churn(cluster)
  await cluster.settled(writing)

  for (const id of ['a', 'b', 'c', 'd']) expect(await cluster.settled(journals.get(id).entries())).toEqual(numbers)
})

it.each([9, 10, 11, 12])('shows a follower every entry once while shards move (seed %i)', async (seed) => {
  const cluster = await startCluster({ register: [journal], runners: 3, seed, faults: latency(seed) })
  const one = cluster.client(Journal).get('a')
  const seen: number[] = []
  const following = (async () => {
    for await (const entry of one.follow(undefined, { timeout: '2 minutes' })) {
      if (seen.push(entry) === numbers.length) break
    }
  })()
  const writing = (async () => {
    for (const number of numbers) await one.write(number)
  })()

  await churn(cluster)
  await cluster.settled(Promise.all([writing, following]))

  expect(seen).toEqual(numbers)
})

it('delivers each of many scheduled activities once, on time or late, while shards move', async () => {
  const cluster = await startCluster({ register: [journal], runners: 3, seed: 13, faults: latency(13) })
  const journals = cluster.client(Journal)
  const start = cluster.clock.now()

  const scheduling = Promise.all(
    numbers.map((number) => journals.schedule(`journal-${number % 7}`, { at: start + number * 100 }).write(number)),
  )
  await churn(cluster)
  await cluster.settled(scheduling)
  await cluster.clock.advance('1 minute')

  const lists = await cluster.settled(
    Promise.all(Array.from({ length: 7 }, (_, index) => journals.get(`journal-${index}`).entries())),
  )
  expect(lists.flat().toSorted((a, b) => a - b)).toEqual(numbers)
})
