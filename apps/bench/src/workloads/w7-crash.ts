import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { SleepersTask } from '../roles/sleepers.ts'
import { startProgram } from '../roles/program.ts'
import type { Environment, Figure, FigureWorkload } from '../workload.ts'
import { sleepMs } from './sleepy-steps.ts'
import { completedExecutions, runSql } from './sql.ts'
import { createUserRows } from './w4-workflow.ts'

const workflows = 200
/** The kill comes when half of the first two steps are committed: some workflows sleep, others are in the midst of a step. */
const committedAtKill = workflows
const stepsEach = 3
const patienceMs = 60_000

/** Workflows whose process is killed in the middle, and started again. */
export const w7: FigureWorkload = {
  kind: 'figures',
  id: 'w7',
  title: `${workflows} workflows (2 steps, ${sleepMs} ms sleep, 1 step), SIGKILL in the middle, restart`,
  needs: ['postgres'],
  measure: measureCrash,
}

async function measureCrash({ postgresUrl = '' }: Environment): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cruster-bench-'))
  const file = join(folder, 'steps')
  const task: SleepersTask = { postgresUrl, file, start: workflows }
  try {
    await createUserRows(postgresUrl)
    await startAndKill(task)
    const committed = new Set(await committedSteps(postgresUrl))
    const ranBefore = ranSteps(file).length
    const restartedAt = Date.now()
    await finish({ ...task, start: 0 })
    const lasted = (await runSql(postgresUrl, lastEnd)) - Math.max(restartedAt, await runSql(postgresUrl, lastWaking))
    const ran = ranSteps(file)
    const again = ran.slice(ranBefore).filter((step) => committed.has(step))
    return [
      { name: 'all done after the restart, or the end of the last sleep', value: lasted, unit: 'ms', atMost: 1500 },
      { name: 'all done after the restart', value: (await runSql(postgresUrl, lastEnd)) - restartedAt, unit: 'ms' },
      { name: 'steps committed at the kill', value: committed.size, unit: '' },
      { name: 'committed steps that ran again', value: again.length, unit: '', atMost: 0 },
      { name: 'steps that ran twice', value: ran.length - new Set(ran).size, unit: '' },
      {
        name: 'steps missing or doubled in effect',
        value: wrongRows(await committedSteps(postgresUrl)),
        unit: '',
        atMost: 0,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Moments by the clock of PostgreSQL, in milliseconds since 1970. It is on this machine. */
const lastEnd = 'select max(ended_at)::float8 as n from cruster.executions'
const lastWaking = `select (extract(epoch from max(written_at)) * 1000)::float8 + ${sleepMs} as n from user_rows where step like '% 2'`

async function startAndKill(task: SleepersTask): Promise<void> {
  await using program = await startProgram('sleepers', task)
  await until(program.process, async () => (await committedSteps(task.postgresUrl)).length >= committedAtKill)
  const isOver = once(program.process, 'exit')
  program.process.kill('SIGKILL')
  await isOver
}

/** A second process brings everything to its end. */
async function finish(task: SleepersTask): Promise<void> {
  await using program = await startProgram('sleepers', task)
  await until(program.process, async () => (await completedExecutions(task.postgresUrl)) >= workflows)
}

async function until(program: ChildProcess, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + patienceMs
  while (!(await holds())) {
    if (performance.now() > end || program.exitCode !== null) throw new Error('The workflows do not come to their end.')
    await pause(10)
  }
}

async function committedSteps(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ readonly step: string }>('select step from user_rows')
    return rows.map(({ step }) => step)
  } finally {
    await client.end()
  }
}

function ranSteps(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean)
}

function wrongRows(rows: readonly string[]): number {
  return Math.abs(rows.length - workflows * stepsEach) + (rows.length - new Set(rows).size)
}
