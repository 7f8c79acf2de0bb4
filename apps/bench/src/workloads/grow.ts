import { ClusterClient, SingleRunner } from 'cruster'
import { openPostgresStorage, postgresStorage } from '@cruster/storage-postgres'
import { percentile } from '../measure/percentile.ts'
import { surroundings } from '../roles/cluster.ts'
import { startProgram } from '../roles/program.ts'
import type { Environment, Figure, FigureWorkload } from '../workload.ts'
import { DurableCounter, countingHandlers } from './counter.ts'
import { storeRows } from './stored-rows.ts'

const callers = 64
const rounds = 5
const roundMs = 1500
/** Of a small and a large setting in the same run; equal is 1. */
const atMost = 1.2

/** Activities, in a small setting and in a large one: what one costs should not depend on how much there is. */
export const grow: FigureWorkload = {
  kind: 'figures',
  id: 'grow',
  title: 'activities where there is little, and where there is much',
  needs: ['postgres', 'etcd'],
  isLong: true,
  measure: async (environment) => [
    await rowsGrow(environment),
    await entitiesGrow(environment),
    await shardsGrow(environment),
    await runnersGrow(environment),
  ],
}

/** Something to call, in one setting. */
interface Setting extends AsyncDisposable {
  /** Increments one of the counters. */
  increment(turn: number): Promise<unknown>
}

/** How much longer an operation takes in the large setting. They take turns, so that whatever else goes on hits both. */
async function compare(name: string, small: Promise<Setting>, large: Promise<Setting>): Promise<Figure> {
  await using one = await small
  await using other = await large
  await Promise.all([timePerCall(one), timePerCall(other)])
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) ratios.push(await ratio(one, other))
  return { name: `${name}: time for each activity`, value: percentile(ratios, 0.5), unit: '×', atMost }
}

async function ratio(small: Setting, large: Setting): Promise<number> {
  const least = await timePerCall(small)
  return (await timePerCall(large)) / least
}

async function timePerCall({ increment }: Setting): Promise<number> {
  const begun = performance.now()
  let calls = 0
  const call = async (): Promise<void> => {
    while (performance.now() - begun < roundMs) await increment(calls++)
  }
  await Promise.all(Array.from({ length: callers }, call))
  return (performance.now() - begun) / calls
}

async function rowsGrow({ postgresUrl = '' }: Environment): Promise<Figure> {
  const withRows = async (rows: number): Promise<Setting> => {
    const schema = `rows_${rows}`
    const storage = await openPostgresStorage({ connectionString: postgresUrl, schema })
    await storage[Symbol.asyncDispose]()
    await storeRows(postgresUrl, schema, rows)
    return alone({ postgresUrl, schema })
  }
  return compare('10³ to 10⁶ stored rows of each kind', withRows(1000), withRows(1_000_000))
}

function entitiesGrow({ postgresUrl = '' }: Environment): Promise<Figure> {
  const small = alone({ postgresUrl, schema: 'one_entity', entities: 1 })
  return compare('1 to 1 000 entities in use', small, alone({ postgresUrl, schema: 'many_entities', entities: 1000 }))
}

function shardsGrow({ postgresUrl = '' }: Environment): Promise<Figure> {
  const small = alone({ postgresUrl, schema: 'few_shards', shards: 16 })
  return compare('16 to 2 048 shards', small, alone({ postgresUrl, schema: 'many_shards', shards: 2048 }))
}

function runnersGrow(environment: Environment): Promise<Figure> {
  return compare('2 to 8 runners', cluster(environment, 2), cluster(environment, 8))
}

interface Alone {
  readonly postgresUrl: string
  readonly schema: string
  readonly entities?: number
  readonly shards?: number
}

/** A runner in this process. */
async function alone({ postgresUrl, schema, entities = 256, shards = 300 }: Alone): Promise<Setting> {
  const runner = await SingleRunner.start({
    storage: postgresStorage({ connectionString: postgresUrl, schema }),
    register: countingHandlers().register,
    config: { shardsPerGroup: shards },
  })
  const counters = runner.client(DurableCounter)
  return {
    increment: (turn) => counters.get(`counter-${turn % entities}`).increment(1),
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  }
}

/** Runners in processes of their own, on the same PostgreSQL. */
async function cluster({ postgresUrl = '', etcdUrl = '' }: Environment, runners: number): Promise<Setting> {
  const stack = new AsyncDisposableStack()
  const place = { postgresUrl, etcdUrl, name: `runners_${runners}` }
  for (let index = 0; index < runners; index++) stack.use(await startProgram('runner', place))
  const counters = stack.use(await ClusterClient.connect(surroundings(place))).client(DurableCounter)
  return {
    increment: (turn) => counters.get(`counter-${turn % 256}`).increment(1),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
