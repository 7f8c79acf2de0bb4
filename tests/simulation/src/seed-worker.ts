import { runSeed } from './run-seed.ts'

// Reports have no stacks, and faults make errors by the thousand.
Error.stackTraceLimit = 0

/** A process that runs the seeds it is told, one by one, and reports each. */
process.on('disconnect', () => process.exit())
process.on('message', (seed: number) => {
  void runSeed(seed).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(`seed ${seed}`, error)
      process.exit(1)
    },
  )
})
