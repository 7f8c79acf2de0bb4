import { setTimeout as pause } from 'node:timers/promises'
import { SingleRunner } from 'cruster'
import { defineWorkflow, typed } from '@cruster/workflow'
import { percentile } from '../measure/percentile.ts'
import type { Environment, Figure, FigureWorkload } from '../workload.ts'
import { completedExecutions } from './sql.ts'
import { storageOf } from './w3-persisted.ts'
import { inTurns } from '../measure/in-turns.ts'

const sleepers = 100_000
/** From the first start to the first waking: all must be asleep by then. */
const asleepMs = 120_000
/** From the first waking to the last. */
const wakingMs = 150_000
const patienceMs = 60_000

/** Many workflows sleep at once, and wake one after the other. */
export const w6s: FigureWorkload = {
  kind: 'figures',
  id: 'w6s',
  title: `${sleepers} workflows sleep, and wake within ${wakingMs / 1000} s: how late`,
  needs: ['postgres'],
  isLong: true,
  measure: measureWaking,
}

const Sleeper = defineWorkflow('Sleeper', {
  input: typed<{ index: number; due: number }>(),
  output: typed<void>(),
  key: ({ index }) => `${index}`,
})

async function measureWaking(environment: Environment): Promise<readonly Figure[]> {
  const lateMs = new Map<number, number>()
  const sleeper = Sleeper.implement({
    async run(ctx, { index, due }) {
      await ctx.sleepUntil(due)
      // The body may run again after it has woken: the first time counts.
      if (!lateMs.has(index)) lateMs.set(index, Date.now() - due)
    },
  })
  await using runner = await SingleRunner.start({ storage: storageOf(environment), register: [sleeper] })
  const client = runner.client(Sleeper)
  const firstDue = Date.now() + asleepMs
  await inTurns({ count: sleepers }, (index) => client.start({ index, due: firstDue + (index * wakingMs) / sleepers }))
  if (Date.now() > firstDue) throw new Error(`This machine cannot start ${sleepers} workflows in ${asleepMs} ms.`)
  const completed = await untilAllWoke(environment.postgresUrl, firstDue + wakingMs + patienceMs)
  const late = [...lateMs.values()]
  return [
    { name: 'late by, p50', value: percentile(late, 0.5), unit: 'ms' },
    { name: 'late by, p99', value: percentile(late, 0.99), unit: 'ms' },
    { name: 'latest', value: percentile(late, 1), unit: 'ms' },
    { name: 'woke before their time', value: late.filter((ms) => ms < -1).length, unit: '', atMost: 0 },
    { name: 'did not wake', value: sleepers - completed, unit: '', atMost: 0 },
  ]
}

/** How many have ended when all have, or when it is too late. */
async function untilAllWoke(postgresUrl: string | undefined, until: number): Promise<number> {
  for (;;) {
    const completed = await completedExecutions(postgresUrl)
    if (completed >= sleepers || Date.now() > until) return completed
    await pause(1000)
  }
}
