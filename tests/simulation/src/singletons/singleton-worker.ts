import { runSingletons } from './run-singletons.ts'

// Reports have no stacks, and faults make errors by the thousand.
Error.stackTraceLimit = 0

/** A process that runs the seeds it is told, one by one, and reports each. */
process.on('disconnect', () => process.exit())
process.on('message', (seed: number) => {
  void runSingletons(seed).then(
    ({ violations, history, plan, lastedMs }) =>
      process.send?.({
        seed,
        violations,
        operations: history.operations.length,
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
