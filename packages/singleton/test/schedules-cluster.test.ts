import type { CronContext, SchedulesClient } from '@cruster/singleton'
import { defineSchedules } from '@cruster/singleton'
import type { TestCluster } from '@cruster/testing'
import { ConfigError } from '@cruster/core'
import { expect, it } from 'vitest'
import { startCluster } from './start-cluster.ts'

type Inputs = { remind: { readonly text: string }; ping: undefined }
const Reminders = defineSchedules<Inputs>('reminders')

interface Started {
  readonly cluster: TestCluster
  readonly reminders: SchedulesClient<Inputs>
  readonly seen: string[]
}

async function start(remind?: (context: CronContext<{ readonly text: string }>) => unknown): Promise<Started> {
  const seen: string[] = []
  const handlers = Reminders.implement({
    remind: (context) => {
      seen.push(`${context.name}: ${context.input.text}`)
      return remind?.(context)
    },
    ping: () => seen.push('ping'),
  })
  const cluster = await startCluster({ runners: 3, register: [handlers] })
  return { cluster, reminders: cluster.client(Reminders), seen }
}

const everyMinute = { schedule: '* * * * *' }

it('runs the named handler with the input of a schedule that was made while the program runs', async () => {
  const { cluster, reminders, seen } = await start()
  const schedule = { ...everyMinute, handler: 'remind', input: { text: 'call mum' } } as const

  const outcome = await cluster.settled(reminders.put('mum', schedule))
  await cluster.clock.advance('61s')

  expect(outcome).toBe('created')
  expect(seen).toEqual(['mum: call mum'])
})

it('changes a schedule, and knows when there is nothing to change', async () => {
  const { cluster, reminders, seen } = await start()
  const put = (text: string) =>
    cluster.settled(reminders.put('mum', { ...everyMinute, handler: 'remind', input: { text } }))

  expect(await put('call')).toBe('created')
  expect(await put('call')).toBe('unchanged')
  expect(await put('write')).toBe('replaced')
  await cluster.clock.advance('61s')

  expect(seen).toEqual(['mum: write'])
})

it('deletes a schedule: it fires no more, and a run that has begun is aborted', async () => {
  const aborted: boolean[] = []
  const { cluster, reminders, seen } = await start(async ({ signal }) => {
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    aborted.push(true)
  })
  await cluster.settled(reminders.put('mum', { ...everyMinute, handler: 'remind', input: { text: 'call' } }))
  await cluster.clock.advance('61s')

  expect(await cluster.settled(reminders.delete('mum'))).toBe(true)
  expect(await cluster.settled(reminders.delete('mum'))).toBe(false)
  await cluster.clock.advance('5 minutes')

  expect(seen).toHaveLength(1)
  expect(aborted).toEqual([true])
  expect(await cluster.settled(reminders.get('mum').status())).toBeUndefined()
  expect(await cluster.settled(reminders.get('mum').trigger())).toBeUndefined()
})

it('makes a schedule anew under the id of a deleted one', async () => {
  const { cluster, reminders, seen } = await start()
  await cluster.settled(reminders.put('p', { ...everyMinute, handler: 'ping' }))
  await cluster.settled(reminders.delete('p'))

  expect(await cluster.settled(reminders.put('p', { ...everyMinute, handler: 'ping' }))).toBe('created')
  await cluster.clock.advance('61s')

  expect(seen).toEqual(['ping'])
})

it('lists the schedules that there are', async () => {
  const { cluster, reminders } = await start()
  for (const id of ['a', 'b', 'c']) await cluster.settled(reminders.put(id, { ...everyMinute, handler: 'ping' }))
  await cluster.settled(reminders.delete('b'))

  await cluster.until('the catalogue is up to date', async () => (await reminders.list()).length === 2)

  expect([...(await cluster.settled(reminders.list()))].toSorted()).toEqual(['a', 'c'])
})

it.each([
  { schedule: 'tomorrow' },
  { schedule: '61 * * * *' },
  { schedule: '@reboot' },
  { schedule: '* * * * *', timeZone: 'Mars/Olympus' },
  { schedule: '* * * * *', catchUp: '1s' },
  { schedule: '* * * * *', history: -1 },
] as const)('refuses %o', async (wrong) => {
  const { cluster, reminders } = await start()

  await expect(cluster.settled(reminders.put('x', { ...wrong, handler: 'ping' }))).rejects.toBeInstanceOf(ConfigError)
})

it('refuses a day that never comes', async () => {
  const { cluster, reminders } = await start()

  const put = cluster.settled(reminders.put('x', { schedule: '0 0 31 2 *', handler: 'ping' }))

  await expect(put).rejects.toThrow('never due')
})

it('keeps runs of a handler that this runner does not have for one that has it', async () => {
  const seen: string[] = []
  const older = Reminders.implement({ ping: () => seen.push('ping') } as never)
  const newer = Reminders.implement({ ping: () => seen.push('ping'), remind: () => seen.push('remind') })
  const cluster = await startCluster({ runners: [{ register: [older] }] })
  const reminders = cluster.client(Reminders)
  await cluster.settled(reminders.put('mum', { ...everyMinute, handler: 'remind', input: { text: '' } }))
  await cluster.clock.advance('90s')
  expect(seen).toEqual([])

  await cluster.add({ register: [newer] })
  await cluster.stop(cluster.runners[0]!)
  await cluster.until('it was made', () => seen.length > 0)

  expect(seen[0]).toBe('remind')
})
