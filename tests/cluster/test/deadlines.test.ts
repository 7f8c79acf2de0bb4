import { activity, defineEntity, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { failureOf } from './failure-of.ts'
import { gate } from './gate.ts'
import { startCluster } from './start-cluster.ts'

const Worker = defineEntity('Worker', {
  state: () => ({ done: 0 }),
  methods: {
    work: activity<string, number>(),
    quick: activity<void, number>({ timeout: '2s' }),
    look: rpc<string, string>(),
  },
})

it('gives up at the deadline, and moves on when a handler does not stop', async () => {
  const never = gate()
  const worker = Worker.implement({
    work: async ({ state }, how) => {
      if (how === 'hang') await never.opened
      return (state.done += 1)
    },
    quick: ({ state }) => state.done,
    look: () => '',
  })
  const cluster = await startCluster({ register: [worker], runners: 2 })
  const one = cluster.client(Worker).get('1')

  const hung = failureOf(one.work('hang', { timeout: '2s' }))
  const next = one.work('well')
  await cluster.clock.advance('2s')
  expect(await hung).toMatchObject({
    code: 'DEADLINE_EXCEEDED',
    outcome: 'unknown',
  })
  await cluster.clock.advance('1s')

  expect(await next).toBe(1)
  never.open()
  await cluster.clock.runUntilIdle()
  expect(await one.work('well')).toBe(2)
})

it('says not-started at the deadline for a call that is known not to have started', async () => {
  const worker = Worker.implement({ work: () => 0, quick: () => 0, look: () => '' })
  const cluster = await startCluster({ runners: [{ register: [worker], weight: 0 }] })

  const call = cluster.client(Worker).get('1').work('', { timeout: '2s' })

  await expect(cluster.settled(call)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'not-started' })
})

it('aborts the handler when the caller does not want the result any more', async () => {
  const reasons: unknown[] = []
  const worker = Worker.implement({
    work: () => 0,
    quick: () => 0,
    look: async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      reasons.push((signal.reason as Error).name)
      return 'late'
    },
  })
  const cluster = await startCluster({ register: [worker], runners: 2 })
  const controller = new AbortController()

  const call = failureOf(cluster.client(Worker).get('1').look('', { signal: controller.signal }))
  await cluster.clock.runUntilIdle()
  controller.abort()
  expect(await call).toMatchObject({
    code: 'INTERRUPTED',
    outcome: 'unknown',
  })
  await cluster.clock.runUntilIdle()

  expect(reasons).toEqual(['Interrupted'])
})

it('never runs a call that was cancelled while it waited', async () => {
  const door = gate()
  const ran: string[] = []
  const worker = Worker.implement({
    work: async (_, what) => {
      ran.push(what)
      if (what === 'first') await door.opened
      return 0
    },
    quick: () => 0,
    look: () => '',
  })
  const cluster = await startCluster({ register: [worker], runners: 2 })
  const controller = new AbortController()
  const one = cluster.client(Worker).get('1')

  const first = one.work('first')
  const second = failureOf(one.work('second', { signal: controller.signal }))
  const third = one.work('third')
  await cluster.clock.runUntilIdle()
  controller.abort()
  expect(await second).toMatchObject({
    code: 'INTERRUPTED',
  })
  await cluster.clock.runUntilIdle()
  door.open()
  await Promise.all([first, third])

  expect(ran).toEqual(['first', 'third'])
})

it('sends nothing when the signal was aborted before the call', async () => {
  let ran = false
  const worker = Worker.implement({
    work: () => {
      ran = true
      return 0
    },
    quick: () => 0,
    look: () => '',
  })
  const cluster = await startCluster({ register: [worker] })

  await expect(cluster.client(Worker).get('1').work('', { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'INTERRUPTED',
    outcome: 'not-started',
  })

  expect(ran).toBe(false)
})

it('interrupts what an entity does, answers what waits, and makes it anew', async () => {
  const never = gate()
  let activations = 0
  const worker = Worker.implement(
    {
      work: async ({ signal, state }, how) => {
        if (how === 'hang') await never.opened
        if (how === 'listen')
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        return (state.done += 1)
      },
      quick: ({ state }) => state.done,
      look: () => '',
    },
    { onActivate: () => void (activations += 1) },
  )
  const cluster = await startCluster({ register: [worker], runners: 2 })
  const one = cluster.client(Worker).get('1')
  await one.work('well')
  const { sharding } = cluster.runners[0]!.runner

  const running = failureOf(one.work('hang'))
  const waiting = failureOf(one.work('well'))
  await cluster.clock.runUntilIdle()
  await sharding.interrupt({ shard: sharding.getShardId(Worker, '1'), type: 'Worker', id: '1' })
  await cluster.clock.advance('1s')
  expect(await running).toMatchObject({ code: 'INTERRUPTED' })
  expect(await waiting).toMatchObject({ code: 'INTERRUPTED' })

  expect(await cluster.settled(one.work('well'))).toBe(2)
  expect(activations).toBe(2)
})

it('has a deadline of its own for a method that declares one', async () => {
  const never = gate()
  const worker = Worker.implement({
    work: () => 0,
    quick: async () => {
      await never.opened
      return 0
    },
    look: () => '',
  })
  const cluster = await startCluster({ register: [worker] })

  const call = failureOf(cluster.client(Worker).get('1').quick())

  await cluster.clock.advance('2s')
  expect(await call).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
})

it('shows the handler its headers, attempt and deadline', async () => {
  const seen: unknown[] = []
  const worker = Worker.implement({
    work: ({ request }) => {
      seen.push(request)
      return 0
    },
    quick: () => 0,
    look: () => '',
  })
  const cluster = await startCluster({ register: [worker], runners: 2 })
  const now = cluster.clock.now()

  await cluster
    .client(Worker)
    .get('1')
    .work('', { headers: { tenant: 'a' }, timeout: '7s' })

  expect(seen).toEqual([{ id: expect.any(String), headers: { tenant: 'a' }, attempt: 1, deadline: now + 7000 }])
})

it('keeps headers with reserved names for itself', async () => {
  const worker = Worker.implement({ work: () => 0, quick: () => 0, look: () => '' })
  const cluster = await startCluster({ register: [worker] })

  await expect(
    cluster
      .client(Worker)
      .get('1')
      .work('', { headers: { 'cruster-x': '1' } }),
  ).rejects.toMatchObject({ code: 'CONFIG' })
})

it('does not run a volatile rpc twice when its line breaks', async () => {
  const door = gate()
  let runs = 0
  const worker = Worker.implement({
    work: () => 0,
    quick: () => 0,
    look: async () => {
      runs += 1
      await door.opened
      return ''
    },
  })
  const cluster = await startCluster({ register: [worker], runners: 2 })

  const call = failureOf(cluster.client(Worker).get('1').look(''))
  await cluster.clock.runUntilIdle()
  cluster.breakLines('client')
  expect(await cluster.settled(call)).toMatchObject({
    code: 'RUNNER_UNAVAILABLE',
    outcome: 'unknown',
  })
  door.open()
  await cluster.clock.advance('5s')

  expect(runs).toBe(1)
})

it('answers an activity once although its line broke', async () => {
  const door = gate()
  let runs = 0
  const worker = Worker.implement({
    work: async ({ state }) => {
      runs += 1
      await door.opened
      return (state.done += 1)
    },
    quick: ({ state }) => state.done,
    look: () => '',
  })
  const cluster = await startCluster({ register: [worker], runners: 2 })

  const call = cluster.client(Worker).get('1').work('')
  await cluster.clock.runUntilIdle()
  cluster.breakLines('client')
  await cluster.clock.advance('1s')
  door.open()

  expect(await cluster.settled(call)).toBe(1)
  expect(runs).toBe(1)
})
