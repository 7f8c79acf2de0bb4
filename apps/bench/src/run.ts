import type { Outcome, Task } from './roles/measure.ts'
import { startProgram } from './roles/program.ts'
import type { Servers } from './servers.ts'
import type { SideName, Workload } from './workload.ts'

/** How long and how often workloads are run. */
export interface RunOptions {
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly runs: number
  /** Where to write a CPU profile of each measured process; undefined for none. */
  readonly profileFolder: string | undefined
}

/** Measures one side of one workload once, in a process of its own and on an empty database. */
export async function runSide(
  servers: Servers,
  workload: Workload,
  {
    side,
    concurrency,
    options,
  }: { readonly side: SideName; readonly concurrency: number; readonly options: RunOptions },
): Promise<Outcome> {
  const { database, postgresUrl, etcdUrl } = await servers.provide(workload)
  const { seconds, warmUpSeconds } = options
  const task: Task = {
    workload: workload.id,
    side,
    environment: { postgresUrl, etcdUrl, concurrency, seconds, warmUpSeconds },
  }
  try {
    await using program = await startProgram(
      'measure',
      task,
      nodeFlags(options, `${workload.id}-${side}-${concurrency}`),
    )
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what that program tells
    const outcome = program.greeting as Outcome
    if (options.profileFolder !== undefined) await program.ended
    return outcome
  } finally {
    await database?.[Symbol.asyncDispose]()
  }
}

function nodeFlags({ profileFolder }: RunOptions, name: string): readonly string[] {
  const always = ['--expose-gc']
  if (profileFolder === undefined) return always
  return [...always, '--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}.cpuprofile`]
}
