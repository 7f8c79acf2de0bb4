import { isCrusterError } from '@cruster/core'
import type { Simulation } from '@cruster/testing'
import { Job } from './job.ts'
import type { JobScenario, JobStep, Move } from './job-scenario.ts'

const pauseMs = 200

/** Does everything to every execution, again and again until it is acknowledged. */
export async function playJobs(simulation: Simulation, { jobs }: JobScenario): Promise<void> {
  await Promise.all(jobs.map((step) => playJob(simulation, step)))
}

async function playJob(simulation: Simulation, { atMs, from, plan, moves }: JobStep): Promise<void> {
  await simulation.sleep(atMs)
  await acknowledged(simulation, from, async (jobs) => void (await jobs.start(plan)))
  simulation.note(`${plan.id} is started`, `Workflow/Job/${plan.id}`)
  let sent = 0
  for (const move of moves) {
    await simulation.sleep(move.afterMs)
    if (move.kind === 'signal') sent += 1
    await make(simulation, { move, id: plan.id, signal: `${plan.id}:${sent}` }, () =>
      acknowledged(simulation, move.from, async (jobs) => void (await jobs.withRawKey(plan.id).start(plan))),
    )
  }
}

interface Made {
  readonly move: Move
  readonly id: string
  readonly signal: string
}

async function make(simulation: Simulation, { move, id, signal }: Made, again: () => Promise<void>): Promise<void> {
  const about = `Workflow/Job/${id}`
  simulation.note(`${move.kind} ${move.kind === 'signal' ? signal : ''} to ${id}`, about)
  switch (move.kind) {
    case 'signal':
      return acknowledged(simulation, move.from, (jobs) =>
        jobs.get(id).signal('note', signal, { idempotencyKey: signal }),
      )
    case 'cancel':
      return acknowledged(simulation, move.from, (jobs) => jobs.get(id).cancel('the simulation'))
    case 'execute':
      return again()
    case 'pause':
      await acknowledged(simulation, move.from, (jobs) => jobs.get(id).pause())
      await simulation.sleep(pauseMs)
      return acknowledged(simulation, 'client', (jobs) => jobs.get(id).resume())
  }
}

type Jobs = ReturnType<typeof connect>
const connect = (simulation: Simulation, from: string) => simulation.connect(Job, from)

/** Longer than a call may take: then its caller has died with its process. */
const patienceMs = 8000

async function givenUp(simulation: Simulation): Promise<never> {
  await simulation.sleep(patienceMs)
  throw new Error('The caller has died.')
}

/** An execution that has ended cannot be paused: that is an answer too. */
const answers: ReadonlySet<string> = new Set(['CONFIG'])

async function acknowledged(simulation: Simulation, from: string, act: (jobs: Jobs) => Promise<void>): Promise<void> {
  for (;;) {
    const name = simulation.running.includes(from) ? from : 'client'
    try {
      return await Promise.race([act(connect(simulation, name)), givenUp(simulation)])
    } catch (error) {
      if (isCrusterError(error) && answers.has(error.code)) return
      await simulation.sleep(pauseMs)
    }
  }
}
