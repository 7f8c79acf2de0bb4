import { SingleRunner } from 'cruster'
import { defineWorkflow, typed } from '@cruster/workflow'
import type { Environment, Figure, FigureWorkload } from '../workload.ts'
import { inTurns } from '../measure/in-turns.ts'
import { percentile } from '../measure/percentile.ts'
import { completedExecutions } from './sql.ts'
import { storageOf } from './w3-persisted.ts'

const sleepers = 500
const sleepMs = 100
const callers = 64

/** How late workflows wake that sleep for a moment: some at a time, and all at once, which is more than starts can keep up with. */
export const w6: FigureWorkload = {
  kind: 'figures',
  id: 'w6',
  title: `${sleepers} workflows sleep ${sleepMs} ms: how late they wake`,
  needs: ['postgres'],
  measure: measureWaking,
}

const Nap = defineWorkflow('Nap', { input: typed<string>(), output: typed<string>(), key: (id) => id })

async function measureWaking(environment: Environment): Promise<readonly Figure[]> {
  const fellAsleep = new Map<string, number>()
  const lateMs = new Map<string, number>()
  const nap = Nap.implement({
    async run(ctx, id) {
      // The body runs again when it wakes: the first time counts.
      const asleepAt = fellAsleep.get(id) ?? performance.now()
      fellAsleep.set(id, asleepAt)
      await ctx.sleep(sleepMs)
      if (!lateMs.has(id)) lateMs.set(id, performance.now() - asleepAt - sleepMs)
      return id
    },
  })
  await using runner = await SingleRunner.start({ storage: storageOf(environment), register: [nap] })
  const client = runner.client(Nap)
  const round = async (name: string, atOnce: number): Promise<readonly number[]> => {
    lateMs.clear()
    await inTurns({ count: sleepers, atOnce }, (index) => client.execute(`${name} ${index}`))
    return [...lateMs.values()]
  }
  await round('warm-up', callers)
  const some = await round('some at a time', callers)
  const all = await round('all at once', sleepers)
  const completed = await completedExecutions(environment.postgresUrl)
  return [
    { name: `late by, p50, ${callers} at a time`, value: percentile(some, 0.5), unit: 'ms', atMost: 5 },
    { name: `late by, p99, ${callers} at a time`, value: percentile(some, 0.99), unit: 'ms', atMost: 25 },
    { name: 'late by, p50, all at once', value: percentile(all, 0.5), unit: 'ms' },
    { name: 'late by, p99, all at once', value: percentile(all, 0.99), unit: 'ms' },
    { name: 'woke before their time', value: [...some, ...all].filter((ms) => ms < -1).length, unit: '', atMost: 0 },
    { name: 'did not wake', value: 3 * sleepers - completed, unit: '', atMost: 0 },
  ]
}
