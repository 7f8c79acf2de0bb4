import { sharedPostgres } from '@cruster/testing/servers'
import { openPostgresStorage } from '@cruster/storage-postgres'
import type { SingletonRun } from '@cruster/singleton'
import { defineCron, defineSingleton } from '@cruster/singleton'
import { TestCluster } from '@cruster/testing'
import pg from 'pg'
import { expect, it } from 'vitest'
import { areApart } from './rows.ts'
import { runnerAt } from './start-cluster.ts'

it('runs a singleton and a schedule on PostgreSQL, through crashes, without a write in turns or a fire too many', async () => {
  const server = await sharedPostgres()
  await using database = await server.createDatabase()
  await using storage = await openPostgresStorage({ connectionString: database.url })
  const write: SingletonRun = async ({ tx, epoch, sleep, signal }) => {
    await tx((sql) => sql.query`create table if not exists writes (id serial, run text)`)
    while (!signal.aborted) {
      await tx((sql) => sql.query`insert into writes (run) values (${String(epoch)})`)
      await sleep('50ms')
    }
  }
  const everySecond = defineCron(
    'every-second',
    { schedule: '* * * * * *', overlap: 'queue', retry: { attempts: 5 } },
    async ({ tx, scheduledAt }) => {
      await tx.query`create table if not exists fires (at bigint)`
      await tx.query`insert into fires values (${scheduledAt.getTime()})`
    },
  )
  const writer = defineSingleton('writer', { restartAfter: '100ms' }, write)
  const options = { runners: 3, register: [writer, everySecond], clock: 'system', leaseTtl: '1s' } as const
  await using cluster = await TestCluster.start({ ...options, storage })
  for (const end of ['crash', 'stop', 'crash'] as const) {
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const owner = runnerAt(cluster, (await cluster.client(writer).status()).runner)
    await cluster[end](owner)
    await cluster.restart(owner)
  }
  await cluster.client(everySecond).pause()
  const decidedUpTo = (await cluster.client(everySecond).status())!.decidedUpTo.getTime()
  await cluster.until('all runs are over', async () => {
    const status = await cluster.client(everySecond).status()
    return status !== undefined && status.active.length + status.queued.length === 0
  })

  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const writes = await client.query<{ run: string }>('select run from writes order by id')
  const fires = await client.query<{ at: string }>('select at from fires order by at')
  await client.end()
  const times = fires.rows.map(({ at }) => Number(at))
  const [first = 0] = times
  expect(areApart(writes.rows.map(({ run }) => ({ run, value: 0 })))).toBe(true)
  expect(new Set(writes.rows.map(({ run }) => run)).size).toBeGreaterThan(1)
  expect(times.length).toBeGreaterThanOrEqual(3)
  expect(times.at(-1)).toBe(decidedUpTo)
  expect(times).toEqual(times.map((_, index) => first + 1000 * index))
}, 60_000)
