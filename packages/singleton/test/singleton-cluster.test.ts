import { Fenced } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import type { SingletonContext, SingletonOptions, SingletonRun, SingletonStatus } from '@cruster/singleton'
import { defineSingleton, singletonContract } from '@cruster/singleton'
import type { TestCluster, TestRunner } from '@cruster/testing'
import { expect, it } from 'vitest'
import { acceptedRows, areApart, rows, writeRow } from './rows.ts'
import { runnerAt, startCluster } from './start-cluster.ts'

const contract = singletonContract('writer')
const writer = (run: SingletonRun, options: SingletonOptions = {}) => defineSingleton('writer', options, run)
const never = new Promise<never>(() => undefined)

const sleepOn = async (clock: VirtualClock, ms: number): Promise<void> => {
  await new Promise<void>((resolve) => clock.setTimer(ms, resolve))
}

/** Writes five times a second, whatever its signal says, until a write is refused. */
const deafOn = (clock: VirtualClock): SingletonRun =>
  async function deaf({ tx, epoch }) {
    for (let value = 0; ; value += 1) {
      await tx((sql) => writeRow(sql, String(epoch), value))
      await sleepOn(clock, 200)
    }
  }

const untilStopped = async ({ signal }: SingletonContext): Promise<void> => {
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

const statusOf = async (cluster: TestCluster): Promise<SingletonStatus> =>
  cluster.settled(cluster.client(contract).status())

const ownerOf = async (cluster: TestCluster): Promise<TestRunner> => runnerAt(cluster, (await statusOf(cluster)).runner)

it('runs on exactly one runner, and says where and since when', async () => {
  const begun: number[] = []
  const run = writer(async (context) => {
    begun.push(context.epoch)
    await untilStopped(context)
  })
  const cluster = await startCluster({ runners: 3, register: [run] })
  await cluster.clock.advance('1 minute')

  const status = await statusOf(cluster)

  expect(begun).toHaveLength(1)
  expect(status).toMatchObject({ phase: 'running', epoch: begun[0], runs: 1, failures: 0, lastError: undefined })
  expect(cluster.runners.map(({ runner }) => runner.address)).toContain(status.runner)
  expect(cluster.clock.now() - status.since!.getTime()).toBeGreaterThanOrEqual(60_000)
})

it('tells a run to stop, accepts what it writes until it has, and only then begins the next one', async () => {
  const clock = new VirtualClock()
  const told: string[] = []
  const polite = writer(async (context) => {
    told.push('begin')
    await untilStopped(context)
    await sleepOn(clock, 3000)
    if (told.length === 1) await context.tx((sql) => writeRow(sql, 'stopped'))
    told.push('end')
  })
  const cluster = await startCluster({ runners: 3, register: [polite, rows], clock })

  await cluster.stop(await ownerOf(cluster))
  await cluster.until('it runs again', () => told.length === 3)

  expect(told).toEqual(['begin', 'end', 'begin'])
  expect(await acceptedRows(cluster)).toEqual([{ run: 'stopped', value: 0 }])
  expect((await statusOf(cluster)).failures).toBe(0)
})

it('moves on from a run that ignores its signal after its grace, and accepts nothing of it from then on', async () => {
  const clock = new VirtualClock()
  const deaf = writer(deafOn(clock), { stopWithin: '2s' })
  const cluster = await startCluster({ runners: 3, register: [deaf, rows], clock })
  await clock.advance('1s')
  const owner = await ownerOf(cluster)
  const before = clock.now()

  await cluster.stop(owner)
  const tookMs = clock.now() - before
  await clock.advance('10s')

  const all = await acceptedRows(cluster)
  expect(tookMs).toBeGreaterThanOrEqual(2000)
  expect(tookMs).toBeLessThan(4000)
  expect(new Set(all.map(({ run }) => run)).size).toBe(2)
  expect(areApart(all)).toBe(true)
})

it('holds up no rebalance with a run that never ends', async () => {
  const cluster = await startCluster({ runners: 1, register: [writer(() => never)] })

  await cluster.add()
  await cluster.add()
  await cluster.add()
  await cluster.balanced()

  expect((await statusOf(cluster)).phase).toBe('running')
})

it('refuses a transaction that is still open when the grace is over', async () => {
  const clock = new VirtualClock()
  const refused: unknown[] = []
  let runs = 0
  const slow: SingletonRun = async ({ tx }) => {
    runs += 1
    if (runs > 1) await never
    await tx(async (sql) => {
      await writeRow(sql, 'late')
      await sleepOn(clock, 5000)
    }).catch((error: unknown) => refused.push(error))
  }
  const cluster = await startCluster({ runners: 2, register: [writer(slow, { stopWithin: '1s' }), rows], clock })
  await clock.advance('100ms')

  await cluster.stop(await ownerOf(cluster))
  await cluster.until('the transaction has ended', () => refused.length > 0)

  expect(refused).toEqual([expect.any(Fenced)])
  expect(await acceptedRows(cluster)).toEqual([])
})

it('starts a run that throws at once again, after pauses that double up to the maximum', async () => {
  const clock = new VirtualClock()
  const begun: number[] = []
  const broken: SingletonRun = () => {
    begun.push(clock.now())
    throw new TypeError('broken')
  }
  const backoff = { initial: '1s', maximum: '5s', jitter: 0 } as const
  const cluster = await startCluster({ runners: 2, register: [writer(broken, { backoff })], clock })

  await cluster.until('it has failed six times', () => begun.length === 6)

  const pauses = begun.slice(1).map((time, index) => Math.round((time - begun[index]!) / 1000))
  const status = await statusOf(cluster)
  expect(pauses).toEqual([1, 2, 4, 5, 5])
  expect(status).toMatchObject({ phase: 'resting', failures: 6, failuresInARow: 6, runs: 6 })
  const labels = { singleton: 'writer', outcome: 'threw' }
  expect((await ownerOf(cluster)).metrics.value('cruster_singleton_runs_total', labels)).toBe(6)
  expect(status.lastError).toMatchObject({ name: 'TypeError', message: 'broken' })
  expect(status.nextStartAt!.getTime()).toBeGreaterThan(clock.now())
})

it('lets a runner leave at once while a run that throws is resting', async () => {
  const clock = new VirtualClock()
  const broken: SingletonRun = () => {
    throw new TypeError('broken')
  }
  const backoff = { initial: '1 hour', maximum: '1 hour' } as const
  const cluster = await startCluster({ runners: 2, register: [writer(broken, { backoff })], clock })
  await clock.advance('10s')
  const owner = await ownerOf(cluster)
  const before = clock.now()

  await cluster.stop(owner)

  expect(clock.now() - before).toBeLessThan(500)
  await cluster.until('it was begun by the other', async () => (await statusOf(cluster)).runs === 2)
})

it('starts a run that ends at once again after a pause, and forgets no run', async () => {
  const clock = new VirtualClock()
  const begun: number[] = []
  const short: SingletonRun = () => begun.push(clock.now())
  const cluster = await startCluster({ runners: 2, register: [writer(short, { restartAfter: '10s' })], clock })

  await cluster.until('it has run four times', () => begun.length === 4)

  expect(begun.slice(1).map((time, index) => Math.round((time - begun[index]!) / 1000))).toEqual([10, 10, 10])
  expect(await statusOf(cluster)).toMatchObject({ phase: 'resting', runs: 4, failures: 0 })
})

it('fences a run whose owner was stopped for longer than its lease, and goes on elsewhere', async () => {
  const clock = new VirtualClock()
  const cluster = await startCluster({ runners: 3, register: [writer(deafOn(clock)), rows], clock, leaseTtl: '5s' })
  await clock.advance('1s')
  const owner = await ownerOf(cluster)

  await cluster.pause(owner)
  await clock.advance('20s')
  const meanwhile = await acceptedRows(cluster)
  await cluster.resume(owner)
  await clock.advance('20s')

  const all = await acceptedRows(cluster)
  expect(new Set(meanwhile.map(({ run }) => run)).size).toBe(2)
  expect(all.length).toBeGreaterThan(meanwhile.length)
  expect(areApart(all)).toBe(true)
})

it('goes on elsewhere after a crash', async () => {
  const clock = new VirtualClock()
  const cluster = await startCluster({ runners: 3, register: [writer(deafOn(clock)), rows], clock, leaseTtl: '5s' })
  await clock.advance('1s')

  await cluster.crash(await ownerOf(cluster))
  await clock.advance('30s')

  const all = await acceptedRows(cluster)
  expect(new Set(all.map(({ run }) => run)).size).toBe(2)
  expect(areApart(all)).toBe(true)
})

it('is not running for anybody else while it is cut off from the registry and its lease is uncertain', async () => {
  const clock = new VirtualClock()
  const current: { readonly epoch: number; readonly isCurrent: () => boolean }[] = []
  const run = writer(async (context) => {
    current.push(context)
    await untilStopped(context)
  })
  const cluster = await startCluster({ runners: 2, register: [run], clock, leaseTtl: '5s' })
  await clock.advance('100ms')
  const owner = await ownerOf(cluster)

  cluster.partition(owner, 'registry')
  for (let step = 0; step < 200; step += 1) {
    await clock.advance('100ms')
    expect(current.filter((each) => each.isCurrent()).length).toBeLessThanOrEqual(1)
  }

  expect(current).toHaveLength(2)
  expect(current[1]!.isCurrent()).toBe(true)
})

it('does a job once, however often its shard moves afterwards', async () => {
  let runs = 0
  const job = writer(
    async ({ tx }) => {
      runs += 1
      await tx((sql) => writeRow(sql, 'migrated'))
    },
    { once: true },
  )
  const cluster = await startCluster({ runners: 3, register: [job, rows] })
  await cluster.until('it is done', async () => (await statusOf(cluster)).phase === 'done')

  await cluster.stop(await ownerOf(cluster))
  await cluster.until('it is known to be done', async () => (await statusOf(cluster)).phase === 'done')
  await cluster.clock.advance('1 minute')

  expect(runs).toBe(1)
  expect(await acceptedRows(cluster)).toHaveLength(1)
  expect((await statusOf(cluster)).doneAt).toBeInstanceOf(Date)
})

it('makes a job again that failed, or that was told to stop before it was done', async () => {
  const clock = new VirtualClock()
  let runs = 0
  const job: SingletonRun = async (context) => {
    runs += 1
    if (runs === 1) throw new TypeError('not yet')
    if (runs === 2) await untilStopped(context)
  }
  const cluster = await startCluster({ runners: 2, register: [writer(job, { once: true })], clock })
  await cluster.until('it runs for the second time', () => runs === 2)

  await cluster.stop(await ownerOf(cluster))
  await cluster.until('it is done', async () => (await statusOf(cluster)).phase === 'done')

  expect(runs).toBe(3)
})

it('runs only where its shard group is hosted', async () => {
  const seen = new Set<string>()
  const batch = defineSingleton('batch', { shardGroup: 'batch' }, async (context) => {
    seen.add(context.name)
    await untilStopped(context)
  })
  const cluster = await startCluster({
    register: [batch],
    runners: [{ groups: ['default'] }, { groups: ['default', 'batch'] }, { groups: ['default'] }],
  })

  const status = await cluster.settled(cluster.client(singletonContract('batch', { shardGroup: 'batch' })).status())

  expect(status.runner).toBe(cluster.runners[1]!.runner.address)
  expect([...seen]).toEqual(['batch'])
})

it('sleeps until it is told to stop', async () => {
  const slept: unknown[] = []
  const sleeper = writer(async ({ sleep }) => {
    await sleep('2s')
    slept.push('awake')
    await sleep('1 day').catch((error: unknown) => {
      slept.push(error)
      throw error
    })
  })
  const cluster = await startCluster({ runners: 2, register: [sleeper] })
  await cluster.clock.advance('3s')

  await cluster.stop(await ownerOf(cluster))

  expect(slept).toEqual(['awake', expect.objectContaining({ code: 'SHUTTING_DOWN' })])
  expect((await statusOf(cluster)).failures).toBe(0)
})

it('begins again when storage, which was away, is back', async () => {
  const clock = new VirtualClock()
  let runs = 0
  const run: SingletonRun = () => {
    runs += 1
  }
  const cluster = await startCluster({ runners: 1, register: [writer(run, { restartAfter: '1s' })], clock })
  await cluster.until('it has run', () => runs > 0)

  cluster.failStorage(cluster.runners[0]!)
  await clock.advance('20s')
  const meanwhile = runs
  await clock.advance('20s')
  expect(runs).toBe(meanwhile)
  cluster.failStorage(cluster.runners[0]!, 'off')

  await cluster.until('it runs again', () => runs > meanwhile)
})
