import { epoch, shardId } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import type { Storage } from '@cruster/core/ports'
import type { CronContext, CronHandler, CronOptions, RunRecord, ScheduleStatus } from '@cruster/singleton'
import { cronContract, defineCron } from '@cruster/singleton'
import { hiddenEntity } from '@cruster/sharding/extension'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import type { TestCluster, TestRunner } from '@cruster/testing'
import { expect, it } from 'vitest'
import { acceptedRows, rows, writeRow } from './rows.ts'
import { startCluster } from './start-cluster.ts'

const contract = cronContract('job')
const job = (options: Partial<CronOptions>, run: CronHandler) =>
  defineCron('job', { schedule: '0 * * * * *', ...options }, run)

const time = (date: Date): string => date.toISOString().slice(11, 19)

async function statusOf(cluster: TestCluster): Promise<ScheduleStatus> {
  const status = await cluster.settled(cluster.client(contract).status())
  if (status === undefined) throw new Error('There is no such schedule.')
  return status
}

const historyOf = async (cluster: TestCluster): Promise<readonly RunRecord[]> =>
  cluster.settled(cluster.client(contract).history())

/** Writes the time for which it runs: what is written was done. */
const written: CronHandler = async ({ tx, scheduledAt }) => writeRow(tx, time(scheduledAt))

const untilAborted = async ({ signal }: CronContext): Promise<void> => {
  await new Promise<void>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** Sleeps, and leaves no timer behind when it is aborted. */
const sleepOn = async (clock: VirtualClock, ms: number, { signal }: CronContext): Promise<void> => {
  await new Promise<void>((resolve) => {
    const timer = clock.setTimer(ms, resolve)
    signal.addEventListener('abort', () => timer.cancel(), { once: true })
  })
}

/** The times of whole minutes, `from` … `to`, of the first hours of the day. */
const minutes = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => time(new Date(Date.UTC(2026, 0, 1, 0, from + index))))

/** Where the schedule lives. */
const place = hiddenEntity('Cron/job', { methods: {} })
const ownerOf = (cluster: TestCluster): TestRunner => cluster.ownerOf(place, 'job')

/** Cancels a message of the schedule, as somebody with access to storage could. */
async function cancelByHand({ storage }: TestCluster, method: string): Promise<void> {
  const fence = { shard: shardId('by-hand', 0), epoch: epoch(1) }
  const [found] = await storage.messages.list({ type: 'Cron/job', method, status: 'pending', limit: 1 })
  await storage.claim([fence])
  const [result] = await storage.commit([{ fence, operations: [{ kind: 'cancelMessage', id: found!.message.id }] }])
  expect(result?.kind).toBe('applied')
}

it('fires at the times of its expression, and hands them over', async () => {
  const seen: string[] = []
  const cluster = await startCluster({ runners: 3, register: [job({}, (run) => seen.push(time(run.scheduledAt)))] })

  await cluster.clock.advance('210s')

  expect(seen).toEqual(minutes(1, 3))
  expect(await statusOf(cluster)).toMatchObject({ counts: { succeeded: 3, failed: 0, missed: 0, skipped: 0 } })
  const labels = { type: 'Cron/job', outcome: 'succeeded' }
  expect(ownerOf(cluster).metrics.value('cruster_schedule_runs_total', labels)).toBe(3)
})

it('fires each time once in effect while its owner crashes, stops and comes back', async () => {
  const cluster = await startCluster({ runners: 3, register: [job({ schedule: '*/5 * * * * *' }, written), rows] })
  for (const end of ['crash', 'stop', 'crash'] as const) {
    await cluster.clock.advance('41s')
    const owner = ownerOf(cluster)
    await cluster[end](owner)
    await cluster.until('it has an owner', () => cluster.findOwner(place, 'job') !== undefined)
    await cluster.restart(owner)
  }
  const { decidedUpTo } = await statusOf(cluster)
  await cluster.clock.advance('20s')

  const done = (await acceptedRows(cluster)).map(({ run }) => run)

  const { counts, active } = await statusOf(cluster)
  expect(new Set(done).size).toBe(done.length)
  expect(done.length + counts.skipped).toBeGreaterThanOrEqual((decidedUpTo.getTime() - Date.UTC(2026, 0)) / 5000)
  expect(counts).toMatchObject({ succeeded: done.length, failed: 0, missed: 0, cancelled: 0 })
  expect(active).toEqual([])
})

it('makes up for every fire of a half-hour outage, once each and in order, when told to queue', async () => {
  const options = { runners: 2, register: [job({ overlap: 'queue' }, written), rows] }
  const cluster = await startCluster(options)
  await cluster.clock.advance('90s')
  const runners = cluster.runners
  for (const runner of runners) await cluster.crash(runner)

  await cluster.clock.advance('30 minutes')
  for (const runner of runners) await cluster.restart(runner)
  await cluster.clock.advance('90s')

  const done = (await acceptedRows(cluster)).map(({ run }) => run)
  expect(done).toEqual(minutes(1, done.length))
  expect(done.length).toBeGreaterThanOrEqual(32)
})

it.each([
  { options: { catchUp: '5 minutes', overlap: 'queue' }, made: 5, counted: 'missed' },
  { options: { backfill: 'latest' }, made: 1, counted: 'missed' },
  { options: { overlap: 'skip' }, made: 1, counted: 'skipped' },
] as const)(
  'makes up for $made of the fires of a half-hour outage with $options',
  async ({ options, made, counted }) => {
    const seen: string[] = []
    const register = [job(options, (run) => seen.push(time(run.scheduledAt)))]
    const cluster = await startCluster({ runners: 1, register, leaseTtl: '5s' })
    await cluster.clock.advance('90s')
    await cluster.crash(cluster.runners[0]!)
    await cluster.clock.advance('30 minutes')
    seen.length = 0

    await cluster.restart(cluster.runners[0]!)
    await cluster.until('it has made up for them', async () => (await statusOf(cluster)).counts.succeeded === 1 + made)

    const { counts } = await statusOf(cluster)
    expect(seen).toHaveLength(made)
    expect(counts[counted]).toBe(30 - made)
  },
)

it('makes a run again that its owner did not live to end', async () => {
  const clock = new VirtualClock()
  const attempts: string[] = []
  const slow: CronHandler = async (run) => {
    attempts.push(`${run.run}/${run.attempt}`)
    if (attempts.length === 1) await untilAborted(run)
    await written(run)
  }
  const cluster = await startCluster({ runners: 2, register: [job({}, slow), rows], clock, leaseTtl: '5s' })
  await clock.advance('61s')

  await cluster.crash(ownerOf(cluster))
  await cluster.until('it is done', async () => (await acceptedRows(cluster)).length > 0)

  expect(attempts).toEqual(['1/1', '1/1'])
  expect(await acceptedRows(cluster)).toEqual([{ run: '00:01:00', value: 0 }])
})

it('goes on when the message for its next fire was cancelled by hand', async () => {
  const seen: string[] = []
  const cluster = await startCluster({ runners: 2, register: [job({}, (run) => seen.push(time(run.scheduledAt)))] })
  await cluster.clock.advance('70s')

  await cancelByHand(cluster, 'wake')
  await cluster.stop(ownerOf(cluster))
  await cluster.clock.advance('120s')

  expect(seen).toEqual(minutes(1, 3))
})

it('counts a run as failed whose message was cancelled by hand, and goes on', async () => {
  const seen: string[] = []
  const stuck: CronHandler = async (run) => {
    seen.push(time(run.scheduledAt))
    if (run.run === 1) await untilAborted(run)
  }
  const cluster = await startCluster({ runners: 2, register: [job({}, stuck)], leaseTtl: '5s' })
  await cluster.clock.advance('70s')

  await cancelByHand(cluster, 'run')
  await cluster.crash(ownerOf(cluster))
  await cluster.until('the next one has run', () => seen.length === 2)

  expect((await historyOf(cluster)).at(-1)).toMatchObject({ run: 1, outcome: 'failed', error: { name: 'RunLost' } })
})

it('gives a run up that ends every process that makes it', async () => {
  const clock = new VirtualClock()
  const begun: number[] = []
  const deadly: CronHandler = async (run) => {
    begun.push(run.run)
    await untilAborted(run)
  }
  const register = [job({ schedule: '@hourly' }, deadly)]
  const cluster = await startCluster({ runners: 4, register, clock, leaseTtl: '5s', config: { maxAttempts: 3 } })
  await cluster.settled(cluster.client(contract).trigger())

  for (const attempt of [1, 2]) {
    await cluster.until('it was begun', () => begun.length === attempt)
    await cluster.crash(ownerOf(cluster))
  }
  await cluster.until('it was given up', async () => (await historyOf(cluster)).length === 1)

  expect(begun).toEqual([1, 1])
  expect(await historyOf(cluster)).toMatchObject([{ outcome: 'failed', error: { name: 'RunLost' } }])
})

it('leaves out fires that are due while a run is not over', async () => {
  const clock = new VirtualClock()
  const cluster = await startCluster({ register: [job({}, (run) => sleepOn(clock, 150_000, run))], clock })

  await clock.advance('211s')

  const history = await historyOf(cluster)
  expect(history.map(({ outcome, scheduledAt }) => `${time(scheduledAt)} ${outcome}`)).toEqual([
    '00:01:00 succeeded',
    '00:03:00 skipped',
    '00:02:00 skipped',
  ])
})

it('lets fires wait for each other', async () => {
  const clock = new VirtualClock()
  const seen: string[] = []
  const slow: CronHandler = async (run) => {
    seen.push(`${time(run.scheduledAt)} at ${time(new Date(clock.now()))}`)
    await sleepOn(clock, 100_000, run)
  }
  const cluster = await startCluster({ register: [job({ overlap: 'queue' }, slow)], clock })

  await clock.advance('305s')

  expect(seen.map((each) => each.slice(0, 8))).toEqual(minutes(1, 3))
  expect(seen.map((each) => each.slice(12, 17))).toEqual(['00:01', '00:02', '00:04'])
  expect((await statusOf(cluster)).queued.map(({ scheduledAt }) => time(scheduledAt))).toEqual(minutes(4, 5))
})

it('aborts the run before, and takes nothing that it writes', async () => {
  const clock = new VirtualClock()
  const aborted: unknown[] = []
  const slow: CronHandler = async (run) => {
    await written(run)
    run.signal.addEventListener('abort', () => aborted.push(run.signal.reason))
    await sleepOn(clock, run.run === 2 ? 1000 : 90_000, run)
  }
  const cluster = await startCluster({ register: [job({ overlap: 'cancel' }, slow), rows], clock })

  await clock.advance('140s')

  expect(aborted).toEqual([expect.objectContaining({ code: 'INTERRUPTED' })])
  expect(await acceptedRows(cluster)).toEqual([{ run: '00:02:00', value: 0 }])
  expect((await historyOf(cluster)).map(({ outcome }) => outcome)).toEqual(['succeeded', 'cancelled'])
})

it('runs beside itself when it may', async () => {
  const clock = new VirtualClock()
  const cluster = await startCluster({
    register: [job({ overlap: 'allow' }, (run) => sleepOn(clock, 150_000, run))],
    clock,
  })

  await clock.advance('185s')

  expect((await statusOf(cluster)).active.map(({ scheduledAt }) => time(scheduledAt))).toEqual(minutes(1, 3))
})

it('repeats a run that fails as its retry policy says, and takes only what the last attempt wrote', async () => {
  const clock = new VirtualClock()
  const at: number[] = []
  const flaky: CronHandler = async (run) => {
    at.push(Math.round(clock.now() / 1000) % 60)
    await writeRow(run.tx, time(run.scheduledAt), run.attempt)
    if (run.attempt < 3) throw new TypeError('not yet')
  }
  const retry = { attempts: 3, initial: '2s', jitter: 0 } as const
  const cluster = await startCluster({ register: [job({ retry }, flaky), rows], clock })

  await clock.advance('70s')

  expect(at).toEqual([0, 2, 6])
  expect(await acceptedRows(cluster)).toEqual([{ run: '00:01:00', value: 3 }])
  expect(await historyOf(cluster)).toMatchObject([{ outcome: 'succeeded', attempts: 3 }])
})

it('gives a run up whose attempts have all failed, and says why', async () => {
  const broken: CronHandler = () => {
    throw new TypeError('broken')
  }
  const cluster = await startCluster({ register: [job({ retry: { attempts: 2, initial: '1s' } }, broken)] })

  await cluster.clock.advance('65s')

  expect(await historyOf(cluster)).toMatchObject([
    { outcome: 'failed', attempts: 2, error: { name: 'TypeError', message: 'broken' } },
  ])
})

it('aborts an attempt that takes too long', async () => {
  const cluster = await startCluster({ register: [job({ timeout: '10s' }, () => new Promise(() => undefined))] })

  await cluster.clock.advance('71s')

  expect(await historyOf(cluster)).toMatchObject([{ outcome: 'failed', error: { name: 'DeadlineExceeded' } }])
})

it('fires no more while it is paused, and does not make up for it', async () => {
  const seen: string[] = []
  const cluster = await startCluster({ runners: 2, register: [job({}, (run) => seen.push(time(run.scheduledAt)))] })
  const schedule = cluster.client(contract)
  await cluster.clock.advance('61s')

  expect(await cluster.settled(schedule.pause('maintenance'))).toBe(true)
  expect(await cluster.settled(schedule.pause())).toBe(false)
  await cluster.clock.advance('10 minutes')
  const paused = await statusOf(cluster)
  expect(await cluster.settled(schedule.resume())).toBe(true)
  await cluster.clock.advance('61s')

  expect(paused).toMatchObject({ paused: { reason: 'maintenance' }, nextFireAt: undefined })
  expect(seen).toHaveLength(2)
  expect((await statusOf(cluster)).counts.missed).toBe(0)
})

/** A storage whose commits take a while. */
function slowStorage(storage: Storage, clock: VirtualClock, ms: number): Storage {
  return new Proxy(storage, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name !== 'commit') return value.bind(target)
      return async (...units: unknown[]) => {
        await new Promise<void>((resolve) => clock.setTimer(ms, resolve))
        return value.apply(target, units) as unknown
      }
    },
  })
}

it('can be paused while its next fire is due', async () => {
  const clock = new VirtualClock()
  const sqlite = await openSqliteStorage({ file: ':memory:', clock })
  const seen: string[] = []
  const register = [job({}, (run) => seen.push(time(run.scheduledAt)))]
  const cluster = await startCluster({ register, clock, storage: slowStorage(sqlite, clock, 50) })
  const schedule = cluster.client(contract)
  await cluster.settled(schedule.status())
  await clock.advance(Date.UTC(2026, 0, 1, 0, 1) - 20 - clock.now())

  const pausing = schedule.pause()
  await clock.advance(200)
  const statuses = Promise.all([pausing, schedule.status(), schedule.resume()])
  await cluster.settled(statuses)
  await clock.advance('61s')

  expect(await pausing).toBe(true)
  expect(seen).toEqual(minutes(2, 2))
  expect(cluster.log.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
})

it('runs when it is triggered, and for times that somebody names', async () => {
  const seen: string[] = []
  const run: CronHandler = ({ cause, scheduledAt }) => seen.push(`${cause} ${time(scheduledAt)}`)
  const cluster = await startCluster({ runners: 2, register: [job({ schedule: '@hourly' }, run)] })
  const schedule = cluster.client(contract)
  await cluster.clock.advance('5 minutes')

  const number = await cluster.settled(schedule.trigger())
  const span = { from: new Date(Date.UTC(2025, 11, 31, 20)), to: new Date(Date.UTC(2025, 11, 31, 22, 30)) }
  const asked = await cluster.settled(schedule.backfill(span))
  await cluster.clock.advance('5s')

  expect([number, asked]).toEqual([1, 2])
  expect(seen.map((each) => each.slice(0, 16))).toEqual([
    expect.stringContaining('trigger 00:05'),
    'backfill 21:00:0',
    'backfill 22:00:0',
  ])
})

it('tells when it fires next', async () => {
  const cluster = await startCluster({
    register: [job({ schedule: '30 6 * * *', timeZone: 'Europe/Berlin' }, () => {})],
  })

  const next = await cluster.settled(cluster.client(contract).next(2))

  expect(next.map((date) => date.toISOString())).toEqual(['2026-01-01T05:30:00.000Z', '2026-01-02T05:30:00.000Z'])
})

it('fires later by a part of the jitter, and says the time that was meant', async () => {
  const clock = new VirtualClock()
  const late: number[] = []
  const run: CronHandler = ({ scheduledAt }) => late.push(clock.now() - scheduledAt.getTime())
  const cluster = await startCluster({ register: [job({ jitter: '30s' }, run)], clock })

  await cluster.clock.advance('630s')

  expect(late.length).toBeGreaterThanOrEqual(9)
  expect(Math.max(...late)).toBeGreaterThan(15_000)
  expect(Math.max(...late)).toBeLessThanOrEqual(31_000)
  expect(new Set(late).size).toBe(late.length)
})

it.each([
  { zone: 'Europe/Berlin', clocks: 'forward', from: Date.UTC(2026, 2, 28, 23), fires: ['03-29T01:00', '03-30T00:30'] },
  { zone: 'Europe/Berlin', clocks: 'back', from: Date.UTC(2026, 9, 24, 23), fires: ['10-25T00:30', '10-26T01:30'] },
  { zone: 'America/New_York', clocks: 'forward', from: Date.UTC(2026, 2, 8, 5), fires: ['03-08T07:00', '03-09T06:30'] },
  { zone: 'America/New_York', clocks: 'back', from: Date.UTC(2026, 10, 1, 4), fires: ['11-01T05:30', '11-02T06:30'] },
])('fires once at its local time when clocks go $clocks in $zone, over a failover', async ({ zone, from, fires }) => {
  const clock = new VirtualClock({ now: from })
  const seen: Date[] = []
  const schedule = zone === 'America/New_York' && from > Date.UTC(2026, 6) ? '30 1 * * *' : '30 2 * * *'
  const register = [job({ schedule, timeZone: zone }, ({ scheduledAt }) => seen.push(scheduledAt))]
  const config = { sweepInterval: '2 minutes' } as const
  const cluster = await startCluster({ runners: 2, register, clock, config, leaseTtl: '60s' })

  await cluster.clock.advance('1 hour')
  await cluster.stop(ownerOf(cluster))
  await cluster.clock.advance('150 minutes')

  const { nextFireAt } = await statusOf(cluster)
  expect([...seen, nextFireAt].map((date) => date?.toISOString().slice(5, 16))).toEqual(fires)
})

it('goes by the new expression when the program is changed, and fires nothing of the old one', async () => {
  const clock = new VirtualClock()
  const seen: string[] = []
  const run: CronHandler = ({ scheduledAt }) => seen.push(time(scheduledAt))
  const old = [job({ schedule: '*/10 * * * * *' }, run)]
  const cluster = await startCluster({ runners: [{ register: old }], clock })
  await clock.advance('25s')
  seen.length = 0

  await cluster.add({ register: [job({ schedule: '0 */2 * * * *' }, run)] })
  await cluster.stop(cluster.runners[0]!)
  seen.length = 0
  await clock.advance('200s')

  expect(seen).toEqual(['00:02:00'])
})
