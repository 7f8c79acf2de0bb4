import { activity, defineEntity, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { startCluster } from './start-cluster.ts'

const Alarm = defineEntity('Alarm', {
  state: () => ({ rings: 0 }),
  methods: { ring: activity<string, number>(), say: rpc<string>(), plan: activity<string, string>() },
})

/** An alarm that writes down when it rings. */
function recording(log: string[], now: () => number) {
  return Alarm.implement({
    ring: ({ state }, what) => {
      log.push(`${what} at ${Math.round(now() / 1000)}`)
      return (state.rings += 1)
    },
    say: (_, what) => void log.push(`${what} at ${Math.round(now() / 1000)}`),
    plan: async ({ client, id }, what) => (await client(Alarm).schedule(id, { after: '10s' }).ring(what)).id,
  })
}

async function startAlarms(runners = 1) {
  const log: string[] = []
  let now = (): number => 0
  const cluster = await startCluster({ register: [recording(log, () => now())], runners })
  now = () => cluster.clock.monotonic()
  return { cluster, log, alarms: cluster.client(Alarm) }
}

it('delivers a scheduled message when it is due', async () => {
  const { cluster, log, alarms } = await startAlarms(2)

  await alarms.schedule('a', { after: '10 minutes' }).ring('tea')
  await alarms.schedule('a', { at: cluster.clock.now() + 30_000 }).ring('eggs')
  await alarms.schedule('a', { at: new Date(cluster.clock.now() - 5000) }).ring('late')
  await cluster.clock.advance('1 hour')

  expect(log).toEqual(['late at 0', 'eggs at 30', 'tea at 600'])
})

it('schedules volatile rpcs too', async () => {
  const { cluster, log, alarms } = await startAlarms()

  await alarms.schedule('a', { after: '5s' }).say('hello')
  await cluster.clock.advance('6s')

  expect(log).toEqual(['hello at 5'])
})

it('never runs a scheduled message that was cancelled', async () => {
  const { cluster, log, alarms } = await startAlarms(2)

  const near = await alarms.schedule('a', { after: '20s' }).ring('near')
  const far = await alarms.schedule('a', { after: '2 hours' }).ring('far')
  const kept = await alarms.schedule('a', { after: '30s' }).ring('kept')
  expect(await near.cancel()).toBe(true)
  expect(await far.cancel()).toBe(true)
  await cluster.clock.advance('3 hours')

  expect(log).toEqual(['kept at 30'])
  expect(await near.cancel()).toBe(false)
  expect(await kept.cancel()).toBe(false)
})

it('cancels by id, in another process', async () => {
  const { cluster, log, alarms } = await startAlarms(2)
  const { id } = await alarms.schedule('a', { after: '20s' }).ring('x')

  expect(await cluster.runners[0]!.runner.client(Alarm).cancel('a', id)).toBe(true)
  expect(await cluster.runners[1]!.runner.client(Alarm).cancel('a', id)).toBe(false)
  await cluster.clock.advance('1 minute')

  expect(log).toEqual([])
})

it('delivers on time after its owner crashed', async () => {
  const { cluster, log, alarms } = await startAlarms(3)
  await alarms.schedule('a', { after: '60s' }).ring('x')

  await cluster.crash(cluster.ownerOf(Alarm, 'a'))
  await cluster.clock.advance('70s')

  expect(log).toEqual(['x at 60'])
})

it('delivers what became due while nobody ran', async () => {
  const { cluster, log, alarms } = await startAlarms(1)
  const [runner] = cluster.runners
  await alarms.schedule('a', { after: '60s' }).ring('x')

  await cluster.stop(runner!)
  await cluster.clock.advance('5 minutes')
  await cluster.restart(runner!)
  await cluster.clock.advance('1s')

  expect(log).toEqual(['x at 300'])
})

it('schedules and cancels from an activity, with its commit', async () => {
  const { cluster, log, alarms } = await startAlarms(2)

  const id = await alarms.get('a').plan('x')
  expect(await alarms.cancel('a', id as never)).toBe(true)
  await alarms.get('a').plan('y')
  await cluster.clock.advance('1 minute')

  expect(log).toEqual(['y at 10'])
})
