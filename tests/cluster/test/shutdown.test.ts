import { activity, defineEntity, rpc, stream } from '@cruster/core'
import { TestCluster } from '@cruster/testing'
import { expect, it } from 'vitest'
import { Counter, counter } from './counter.ts'
import { failureOf } from './failure-of.ts'
import { gate } from './gate.ts'
import { latency } from './latency.ts'
import { startCluster } from './start-cluster.ts'

const Job = defineEntity('Job', {
  state: () => ({ done: 0 }),
  methods: {
    run: activity<void, number>(),
    ask: rpc<void, string>(),
    call: rpc<string, string>(),
    tick: stream<void, number>(),
  },
})

/** A job whose handlers wait until they are let go. */
const slowJob = Job.implement((opened: Promise<void>) => ({
  run: async ({ state }) => {
    await opened
    return (state.done += 1)
  },
  ask: async () => {
    await opened
    return 'done'
  },
  call: ({ client }, id) => client(Job).get(id).ask(),
  async *tick() {
    yield 1
    await opened
    yield 2
  },
}))

it('lets what runs finish before it leaves', async () => {
  const door = gate()
  const cluster = await startCluster({ register: [slowJob.with(door.opened)], runners: 2 })
  const owner = cluster.ownerOf(Job, 'a')

  const calls = [cluster.client(Job).get('a').run(), cluster.client(Job).get('a').ask()] as const
  await cluster.clock.runUntilIdle()
  const stopping = cluster.stop(owner)
  await cluster.clock.advance('5s')
  door.open()
  await stopping

  expect(await calls[0]).toBe(1)
  expect(await calls[1]).toBe('done')
})

it('sends what waits to the next owner, and lets what runs finish', async () => {
  const door = gate()
  const ran: string[] = []
  const recording = Job.implement({
    run: async ({ state, epoch }) => {
      ran.push(`under ${epoch}`)
      await door.opened
      return (state.done += 1)
    },
    ask: () => '',
    call: () => '',
    async *tick() {},
  })
  const cluster = await startCluster({ register: [recording], runners: 2 })
  const one = cluster.client(Job).get('a')

  const calls = [one.run(), one.run(), one.run()]
  await cluster.clock.runUntilIdle()
  const stopping = cluster.stop(cluster.ownerOf(Job, 'a'))
  await cluster.clock.advance('1s')
  door.open()
  await stopping

  expect(await cluster.settled(Promise.all(calls))).toEqual([1, 2, 3])
  expect(ran).toEqual(['under 1', 'under 2', 'under 2'])
})

it.each([1, 2, 3])('brings the answers of what finished last, on a slow network too (seed %i)', async (seed) => {
  const door = gate()
  const cluster = await startCluster({
    register: [slowJob.with(door.opened)],
    runners: 2,
    seed,
    faults: latency(seed),
  })

  const calls = Array.from({ length: 20 }, (_, index) => cluster.client(Job).get(`${index}`).ask())
  await cluster.clock.advance('20ms')
  const stopping = cluster.stop(cluster.ownerOf(Job, '0'))
  await cluster.clock.advance('1s')
  door.open()
  await stopping

  expect(new Set(await cluster.settled(Promise.all(calls)))).toEqual(new Set(['done']))
})

it('runs again elsewhere what does not finish in time', async () => {
  const attempts: number[] = []
  const stubborn = Job.implement({
    run: async ({ state, request, address, epoch }) => {
      attempts.push(epoch)
      if (attempts.length === 1) await new Promise(() => {})
      return (state.done += request.attempt > 0 && address.id === 'a' ? 1 : 100)
    },
    ask: () => '',
    call: () => '',
    async *tick() {},
  })
  const cluster = await startCluster({ register: [stubborn], runners: 2 })
  const owner = cluster.ownerOf(Job, 'a')

  const call = cluster.client(Job).get('a').run(undefined, { timeout: '1 minute' })
  await cluster.clock.runUntilIdle()
  const before = cluster.clock.monotonic()
  await cluster.stop(owner)
  const took = cluster.clock.monotonic() - before

  expect(await cluster.settled(call)).toBe(1)
  expect(attempts).toHaveLength(2)
  expect(took).toBeLessThan(17_000)
})

it('runs again elsewhere what was stopped in time, and could not begin its transaction because of that', async () => {
  const epochs = new Set<number>()
  const careful = Job.implement({
    run: async ({ state, signal, epoch, tx }) => {
      epochs.add(epoch)
      if (epochs.size === 1) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      await tx.query`select 1`
      return (state.done += 1)
    },
    ask: () => '',
    call: () => '',
    async *tick() {},
  })
  const cluster = await startCluster({ register: [careful], runners: 2 })

  const call = cluster.client(Job).get('a').run(undefined, { timeout: '1 minute' })
  await cluster.clock.runUntilIdle()
  await cluster.stop(cluster.ownerOf(Job, 'a'))

  expect(await cluster.settled(call)).toBe(1)
  expect(epochs.size).toBe(2)
})

it('refuses calls of a runner that has stopped', async () => {
  const cluster = await startCluster({ register: [counter], runners: 2 })
  const [runner] = cluster.runners
  const counters = runner!.runner.client(Counter)
  await cluster.stop(runner!)

  expect(() => runner!.runner.client(Counter)).toThrow(expect.objectContaining({ code: 'SHUTTING_DOWN' }))
  await expect(counters.get('a').increment(1)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
})

it('settles every call that a runner has under way when it stops', async () => {
  const door = gate()
  const cluster = await startCluster({ register: [slowJob.with(door.opened)], runners: 2 })
  const owner = cluster.ownerOf(Job, 'a')
  const caller = cluster.runners.find((runner) => runner !== owner)!

  const call = caller.runner.client(Job).get('a').ask()
  const failed = failureOf(call)
  await cluster.clock.runUntilIdle()
  await cluster.stop(caller)

  expect(await cluster.settled(failed, 'the call has an end')).toBeInstanceOf(Error)
  door.open()
})

it('ends with everything open that can be open', async () => {
  const never = gate()
  const cluster = await TestCluster.start({ register: [slowJob.with(never.opened), counter], runners: 3 })
  const outcomes: Promise<unknown>[] = []
  const jobs = cluster.client(Job)
  const reader = jobs.get('s').tick()[Symbol.asyncIterator]()
  await reader.next()
  outcomes.push(reader.next(), jobs.get('a').run(), jobs.get('b').ask(), jobs.get('c').call('d'))
  await jobs.notify('e').run()
  await jobs.schedule('f', { after: '30s' }).run()
  for (const runner of cluster.runners) outcomes.push(runner.runner.client(Job).get('g').ask())
  const settled = Promise.allSettled(outcomes)
  await cluster.clock.runUntilIdle()

  await cluster[Symbol.asyncDispose]()

  expect(cluster.clock.pendingTimers()).toEqual([])
  expect(cluster.openLines).toBe(0)
  await settled
})

it('leaves nothing open when it cannot start', async () => {
  const cluster = await startCluster({ register: [counter], runners: 1 })
  const before = cluster.clock.pendingTimers().length

  await expect(cluster.add({ config: { shardsPerGroup: 7 } })).rejects.toMatchObject({ code: 'CONFIG' })
  await expect(cluster.add({ register: [counter, counter] })).rejects.toMatchObject({ code: 'CONFIG' })

  expect(cluster.clock.pendingTimers()).toHaveLength(before)
})
