import { createHistogram, performance } from 'node:perf_hooks'
import type { Environment, Load } from '../workload.ts'

/** What a closed loop came to: each caller begins its next operation when the one before has ended. */
export interface Rate {
  readonly operations: number
  readonly seconds: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Of this process, all threads. */
  readonly cpuMsPerOperation: number
  /** Numbers that were counted on different ways and agreed. */
  readonly verified: Readonly<Record<string, number>>
}

/** Called between the warm-up and the measurement, and after it: for counters of servers. */
export interface Marks {
  readonly begin: () => Promise<void>
  readonly end: () => Promise<void>
}

/** Every so many operations one is timed: reading the clock costs as much as the fastest operations. */
const timedEvery = 8

/**
 * Runs a load, for the warm-up and then for the time that is measured, and verifies its result.
 *
 * @throws Error when the numbers that verify the load disagree.
 */
export async function closedLoop(load: Load, environment: Environment, marks: Marks): Promise<Rate> {
  const turns = Array.from({ length: environment.concurrency }, () => 0)
  await during(environment.warmUpSeconds, load, turns)
  await marks.begin()
  const before = sum(turns)
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const histogram = await during(environment.seconds, load, turns)
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  await marks.end()
  const operations = sum(turns) - before
  const verified = await load.verify(sum(turns))
  assertEqual({ counted: sum(turns), ...verified })
  return {
    operations,
    seconds,
    perSecond: operations / seconds,
    p50Ms: histogram.percentile(50) / 1e6,
    p95Ms: histogram.percentile(95) / 1e6,
    p99Ms: histogram.percentile(99) / 1e6,
    cpuMsPerOperation: (user + system) / 1000 / operations,
    verified,
  }
}

type Histogram = ReturnType<typeof createHistogram>

async function during(seconds: number, load: Load, turns: number[]): Promise<Histogram> {
  const histogram = createHistogram()
  const until = performance.now() + seconds * 1000
  await Promise.all(turns.map((_, caller) => callOverAndOver({ load, caller, turns, until, histogram })))
  return histogram
}

interface Caller {
  readonly load: Load
  readonly caller: number
  readonly turns: number[]
  readonly until: number
  readonly histogram: Histogram
}

async function callOverAndOver({ load, caller, turns, until, histogram }: Caller): Promise<void> {
  let turn = turns[caller] ?? 0
  for (let now = performance.now(); now < until;) {
    await load.operation(caller, turn++)
    const then = performance.now()
    histogram.record(Math.max(1, Math.round((then - now) * 1e6)))
    for (let untimed = 1; untimed < timedEvery; untimed++) await load.operation(caller, turn++)
    now = performance.now()
  }
  turns[caller] = turn
}

function sum(turns: readonly number[]): number {
  return turns.reduce((total, turn) => total + turn, 0)
}

function assertEqual(counts: Readonly<Record<string, number>>): void {
  if (new Set(Object.values(counts)).size > 1) throw new Error(`The result is wrong: ${JSON.stringify(counts)}`)
}
