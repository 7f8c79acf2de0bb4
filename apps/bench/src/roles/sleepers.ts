import { SingleRunner } from 'cruster'
import { postgresStorage } from '@cruster/storage-postgres'
import { SleepySteps, sleepySteps } from '../workloads/sleepy-steps.ts'
import { givenArgument, tell, untilTold } from './program.ts'

/** What this program is given. */
export interface SleepersTask {
  readonly postgresUrl: string
  /** Where steps are written down when they run. */
  readonly file: string
  /** How many workflows it starts. */
  readonly start: number
}

/** A runner of workflows that sleep. Tells when all starts are stored. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the parent gives
const { postgresUrl, file, start } = givenArgument() as SleepersTask
await using runner = await SingleRunner.start({
  storage: postgresStorage({ connectionString: postgresUrl }),
  register: [sleepySteps(file)],
})
const client = runner.client(SleepySteps)
await Promise.all(Array.from({ length: start }, (_, index) => client.start(`sleeper-${index}`)))
tell({ started: start })
await untilTold()
