import type { Simulation, Violation } from '@cruster/testing'
import type { Polled } from '@cruster/workflow'
import { rowsOf } from '../sql.ts'
import type { JobScenario, JobStep } from './job-scenario.ts'
import type { Effect, Report } from './job.ts'
import { Job, effectsOf } from './job.ts'

/** How every execution has ended, asked when all faults are over. */
export type Ends = ReadonlyMap<string, Polled<Report>>

/** Waits for every execution. */
export async function awaitJobs(simulation: Simulation, { jobs }: JobScenario): Promise<Ends> {
  const client = simulation.connect(Job)
  const ends = new Map<string, Polled<Report>>()
  await Promise.all(
    jobs.map(async ({ plan: { id } }) => {
      await client
        .get(id)
        .result({ timeout: '15s' })
        .catch(() => {})
      ends.set(id, await client.get(id).poll())
    }),
  )
  return ends
}

/** What was promised of workflows. */
export async function checkJobs(
  simulation: Simulation,
  { jobs }: JobScenario,
  ends: Ends,
): Promise<readonly Violation[]> {
  const rows = await rowsOf<{ what: string }>(simulation.storage, 'select what from done')
  const counts = new Map<string, number>()
  for (const { what } of rows) counts.set(what, (counts.get(what) ?? 0) + 1)
  return jobs.flatMap((job) => {
    const end = ends.get(job.plan.id) ?? { kind: 'unknown' }
    return [...checkEnd(job, end), ...checkSignals(job, end), ...checkEffects(job, end, counts)].map(
      ([check, message]) => ({ check, message: `${job.plan.id}: ${message}`, about: `Workflow/Job/${job.plan.id}` }),
    )
  })
}

type Found = readonly (readonly [check: string, message: string])[]

function checkEnd({ plan, moves }: JobStep, end: Polled<Report>): Found {
  const wasCancelled = moves.some(({ kind }) => kind === 'cancel')
  const expected = plan.fails ? 'failed' : 'completed'
  if (end.kind === expected || (end.kind === 'cancelled' && wasCancelled)) return []
  const error = 'error' in end ? ` with ${end.error.message}` : ''
  return [['every execution ends as it should', `it is ${end.kind}${error}, and should be ${expected}`]]
}

function checkSignals({ plan }: JobStep, end: Polled<Report>): Found {
  if (end.kind !== 'completed') return []
  const { got, more } = end.output
  const sent = Array.from({ length: plan.signals }, (_, index) => `${plan.id}:${index + 1}`)
  const isSame = got.length === sent.length && got.every((signal, index) => signal === sent[index])
  return isSame && more === undefined
    ? []
    : [['signals are neither lost nor doubled', `it got ${got.join(' ')}${more === undefined ? '' : ` and ${more}`}`]]
}

function checkEffects({ plan }: JobStep, end: Polled<Report>, counts: ReadonlyMap<string, number>): Found {
  return effectsOf(plan).flatMap((effect): Found => {
    const { what } = effect
    const done = counts.get(what) ?? 0
    const undone = counts.get(`undo ${what}`) ?? 0
    if (isRight(end.kind, effect, { done, undone })) return []
    return [['effects are exactly once', `${what} is done ${done} times and undone ${undone} times; it is ${end.kind}`]]
  })
}

interface Counted {
  readonly done: number
  readonly undone: number
}

function isRight(kind: Polled<Report>['kind'], { isOfLastRun }: Effect, { done, undone }: Counted): boolean {
  // What a cancelled execution had not come to is neither done nor undone; a child that it left may have done its work.
  if (kind === 'cancelled') return done <= 1 && undone <= done
  return done === 1 && undone === (kind === 'failed' && isOfLastRun ? 1 : 0)
}
