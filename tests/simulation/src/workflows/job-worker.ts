import { drawJobScenario } from './job-scenario.ts'
import { runJobs } from './run-jobs.ts'

// Reports have no stacks, and faults make errors by the thousand.
Error.stackTraceLimit = 0

/** A process that runs the seeds it is told, one by one, and reports each. */
process.on('disconnect', () => process.exit())
process.on('message', (seed: number) => {
  const scenario = drawJobScenario(seed)
  void runJobs(scenario).then(
    ({ violations, plan, lastedMs }) =>
      process.send?.({
        seed,
        violations,
        operations: scenario.jobs.length,
        faults: plan.length,
        virtualMs: lastedMs,
        undecided: 0,
      }),
    (error: unknown) => {
      console.error(`seed ${seed}`, error)
      process.exit(1)
    },
  )
})
