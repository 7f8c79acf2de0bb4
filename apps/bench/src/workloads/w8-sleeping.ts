import { setTimeout as pause } from 'node:timers/promises'
import { SingleRunner } from 'cruster'
import { postgresStorage } from '@cruster/storage-postgres'
import { startProgram } from '../roles/program.ts'
import type { Rest, RestingTask } from '../roles/resting.ts'
import type { Environment, Figure, FigureWorkload } from '../workload.ts'
import { LongSleep, longSleep } from './long-sleep.ts'
import { runSql } from './sql.ts'
import { inTurns } from '../measure/in-turns.ts'

const sleepers = 100_000
const idleMs = 5000
const patienceMs = 60_000

/** What workflows cost that sleep for long: they are rows, and nothing else. */
export const w8s: FigureWorkload = {
  kind: 'figures',
  id: 'w8s',
  title: `memory and work of a runner with ${sleepers} sleeping workflows`,
  needs: ['postgres'],
  isLong: true,
  measure: measureSleepers,
}

/** Compares two runners that have just started: one has nothing to do, the other all those sleepers. */
async function measureSleepers({ postgresUrl = '' }: Environment): Promise<readonly Figure[]> {
  const perSecond = await putToSleep(postgresUrl)
  const alone = await rest({ postgresUrl, schema: 'nobody_sleeps', idleMs })
  const full = await rest({ postgresUrl, schema: 'all_sleep', idleMs })
  return [
    {
      name: 'resident memory over boot',
      value: (full.residentBytes - alone.residentBytes) / 2 ** 20,
      unit: 'MB',
      atMost: 60,
    },
    { name: 'of one core, over boot', value: (full.coreShare - alone.coreShare) * 100, unit: '%', atMost: 1 },
    { name: 'starts', value: perSecond, unit: '/s' },
  ]
}

async function putToSleep(postgresUrl: string): Promise<number> {
  const storage = postgresStorage({ connectionString: postgresUrl, schema: 'all_sleep' })
  await using runner = await SingleRunner.start({ storage, register: [longSleep] })
  const client = runner.client(LongSleep)
  const begunAt = performance.now()
  await inTurns({ count: sleepers }, (index) => client.start(index))
  const startedMs = performance.now() - begunAt
  await asleep(postgresUrl)
  return (sleepers / startedMs) * 1000
}

/** Resolves when all have a timer. */
async function asleep(url: string): Promise<void> {
  const until = performance.now() + patienceMs
  const query = `select count(*)::float8 as n from all_sleep.messages where status = 'pending' and deliver_at is not null`
  for (let found = 0; found < sleepers; found = await runSql(url, query)) {
    if (performance.now() > until) throw new Error(`${found} of ${sleepers} workflows sleep.`)
    await pause(200)
  }
}

async function rest(task: RestingTask): Promise<Rest> {
  await using program = await startProgram('resting', task, ['--expose-gc'])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what that program tells
  return program.greeting as Rest
}
