import { closedLoop, type Rate } from '../measure/closed-loop.ts'
import { ServerCostMeter, type ServerCost } from '../measure/server-cost.ts'
import type { Environment, Figure, SideName } from '../workload.ts'
import { workloads } from '../workloads/index.ts'
import { givenArgument, tell } from './program.ts'

/** What this program is asked to measure. */
export interface Task {
  readonly workload: string
  readonly side: SideName
  readonly environment: Environment
}

/** What it tells: a rate, with what the database did for each operation; or figures. */
export type Outcome =
  | { readonly kind: 'rate'; readonly rate: Rate; readonly server: ServerCost | undefined }
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }

const noMarks = { begin: async () => {}, end: async () => {} }

/** Measures one side of one workload in this process, tells its parent, and ends. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the parent gives
const { workload: id, side, environment } = givenArgument() as Task
const workload = workloads.find((candidate) => candidate.id === id)
if (workload === undefined) throw new Error(`There is no workload ${id}.`)
tell(
  workload.kind === 'rate'
    ? await rate(workload.sides[side])
    : { kind: 'figures', figures: await workload.measure(environment) },
)
process.disconnect()

async function rate(prepare: (typeof workload & { kind: 'rate' })['sides'][SideName]): Promise<Outcome> {
  await using load = await prepare(environment)
  const { postgresUrl } = environment
  if (postgresUrl === undefined)
    return { kind: 'rate', rate: await closedLoop(load, environment, noMarks), server: undefined }
  await using meter = await ServerCostMeter.open(postgresUrl)
  const marks = { begin: () => meter.begin(), end: () => meter.end() }
  const measured = await closedLoop(load, environment, marks)
  return { kind: 'rate', rate: measured, server: meter.perOperation(measured.operations) }
}
