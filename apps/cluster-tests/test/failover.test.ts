import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Place, Topology } from './real-cluster.ts'
import { RealCluster, leaseTtlSeconds, shards } from './real-cluster.ts'
import { until } from './until.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const started: { cluster?: RealCluster } = {}

beforeAll(async () => {
  started.cluster = await RealCluster.start(3)
})

afterAll(async () => {
  await started.cluster?.[Symbol.asyncDispose]()
})

function theCluster(): RealCluster {
  if (started.cluster === undefined) throw new Error('The cluster has not started.')
  return started.cluster
}

/** Every shard has one owner, all owners run, and each has about its share. */
function isWhole({ runners, owned, count }: Topology, places: readonly Place[]): boolean {
  const addresses = places.map(({ address }) => address).toSorted()
  const share = shards / places.length
  const isFair = addresses.every((address) => Math.abs((owned.get(address)?.length ?? 0) - share) <= share / 2)
  return count === shards && isFair && String(runners.toSorted()) === String(addresses) && owned.size === places.length
}

async function untilWhole(cluster: RealCluster, withinMs: number): Promise<number> {
  return until(`${cluster.running.length} nodes have all shards`, withinMs, async () =>
    isWhole(await cluster.topology(), cluster.running),
  )
}

interface TickerChange {
  readonly runner_id: string
  readonly graceful_shutdown_at: string | null
}

/** Has the database write down every change of the ticker's row but its ticks. */
async function audit({ database }: RealCluster): Promise<() => Promise<readonly TickerChange[]>> {
  await database.query(`
    create table if not exists audit (n bigint generated always as identity, runner_id text, graceful_shutdown_at text);
    truncate audit;
    create or replace function note() returns trigger language plpgsql as $$ begin
      insert into audit (runner_id, graceful_shutdown_at) values (new.runner_id, new.graceful_shutdown_at); return new;
    end $$;
    drop trigger if exists noted on ct_singleton;
    create trigger noted after update on ct_singleton for each row
      when (old.tick_count = new.tick_count) execute function note()`)
  return async () => (await database.query<TickerChange>('select * from audit order by n')).rows
}

const ticks = async (cluster: RealCluster): Promise<number> => Number(await cluster.api.read('/singleton/tick-count'))
const tickerOf = async (cluster: RealCluster): Promise<Place> =>
  cluster.placeAt(await cluster.api.read('/singleton/current-runner'))

/** The shards are where they belong, and the singleton ticks there. */
async function settled(cluster: RealCluster): Promise<void> {
  await untilWhole(cluster, 10_000)
  const before = await ticks(cluster)
  await until('it ticks', 15_000, async () => (await ticks(cluster)) >= before + 2)
}

it('hands the singleton over at SIGTERM: a note is written, another node runs it within 5 s and clears the note', async () => {
  const cluster = theCluster()
  await settled(cluster)
  const changes = await audit(cluster)
  const before = await tickerOf(cluster)

  const begin = performance.now()
  expect(await cluster.end(before, 'SIGTERM')).toBe(0)
  await until('another node runs it', 5000, async () => (await tickerOf(cluster)) !== before)
  const tookMs = performance.now() - begin
  const count = await ticks(cluster)
  await until('it ticks there', 5000, async () => (await ticks(cluster)) > count)

  const after = await tickerOf(cluster)
  const [note, cleared] = await changes()
  expect(tookMs).toBeLessThan(5000)
  expect(note).toMatchObject({ runner_id: before.address, graceful_shutdown_at: expect.any(String) })
  expect(cleared).toMatchObject({ runner_id: after.address, graceful_shutdown_at: null })
  expect(await cluster.api.read('/singleton/state')).toMatchObject({ graceful_shutdown_at: null })
  await cluster.startNode(before)
  await untilWhole(cluster, 5000)
})

it('runs the singleton elsewhere after SIGKILL, and never on two nodes at once when its owner was stopped with SIGSTOP', async () => {
  const cluster = theCluster()
  await settled(cluster)
  const stopped = await tickerOf(cluster)
  const changes = await audit(cluster)

  stopped.node?.signal('SIGSTOP')
  const others = cluster.running.filter((place) => place !== stopped)
  const other = async (): Promise<unknown> => {
    const { rows } = await cluster.database.query<{ runner_id: string }>('select runner_id from ct_singleton')
    return rows[0]?.runner_id
  }
  await until('another node runs it', (leaseTtlSeconds + 5) * 1000, async () => (await other()) !== stopped.address)
  stopped.node?.signal('SIGCONT')
  await sleep(3000)

  const owners = (await changes()).map(({ runner_id: runner }) => runner)
  expect(others.map(({ address }) => address)).toContain(owners[0])
  // It may come back to the first one, which has its shards again; but nobody writes between two of one owner's writes.
  expect(owners.filter((owner, index) => owner !== owners[index - 1]).length).toBe(new Set(owners).size)
  await untilWhole(cluster, 10_000)

  const killed = await tickerOf(cluster)
  await cluster.end(killed, 'SIGKILL')
  await until('another node runs it', (leaseTtlSeconds + 5) * 1000, async () => (await tickerOf(cluster)) !== killed)
  await cluster.startNode(killed)
  await untilWhole(cluster, 5000)
})

it.each([0, 1, 2])(
  'has every shard of a node that got SIGTERM within 5 s, and gives it a share when it is back (%i)',
  async (index) => {
    const cluster = theCluster()
    await untilWhole(cluster, 10_000)
    const place = cluster.places[index]!

    const begin = performance.now()
    expect(await cluster.end(place, 'SIGTERM')).toBe(0)
    await untilWhole(cluster, 5000)
    expect(performance.now() - begin).toBeLessThan(5000)

    await cluster.startNode(place)
    await untilWhole(cluster, 5000)
  },
)

it('has every shard of a node that got SIGKILL within its lease and 5 s, and gives it a share when it is back', async () => {
  const cluster = theCluster()
  await untilWhole(cluster, 10_000)
  const place = cluster.places[1]!

  expect(await cluster.end(place, 'SIGKILL')).toBe('SIGKILL')
  await untilWhole(cluster, (leaseTtlSeconds + 5) * 1000)
  expect((await cluster.topology()).owned.has(place.address)).toBe(false)

  await cluster.startNode(place)
  await untilWhole(cluster, 5000)
})

it('fires timers, keeps values and finishes workflows while nodes come and go', async () => {
  const cluster = theCluster()
  await untilWhole(cluster, 10_000)
  for (let n = 0; n < 20; n += 1) {
    await cluster.api.post(`/counter/moved-${n}/increment`, n)
    await cluster.api.post('/timer/moved/start', { timer_id: `t${n}`, delay_ms: 2000 + 100 * n })
  }
  const [first, second] = cluster.places

  await cluster.end(first!, 'SIGTERM')
  await cluster.startNode(first!)
  await cluster.end(second!, 'SIGKILL')
  await until('all timers have fired', 30_000, async () => {
    const fires = await cluster.api.read('/timer/moved/fires')
    return Array.isArray(fires) && fires.length === 20
  })
  await cluster.startNode(second!)

  const fires = (await cluster.api.read('/timer/moved/fires')) as { readonly timer_id: string }[]
  expect(new Set(fires.map(({ timer_id: timer }) => timer)).size).toBe(20)
  const values = Array.from({ length: 20 }, (_, n) => cluster.api.read(`/counter/moved-${n}`))
  expect(await Promise.all(values)).toEqual(Array.from({ length: 20 }, (_, n) => n))
  const ran = await cluster.api.post('/workflow/moved/run-long', { exec_id: 'e', steps: 10 })
  expect(ran.json).toBe('completed:e')
})
