import { availableParallelism } from 'node:os'
import { runSeeds } from '../src/run-seeds.ts'
import { seedRange } from '../src/seed-range.ts'

/** What went wrong in these seeds of a scenario that has a worker of its own, a line for each. */
export async function failuresOf(worker: URL, seeds: Iterable<number>): Promise<readonly string[]> {
  const failures: string[] = []
  await runSeeds({
    seeds,
    jobs: availableParallelism(),
    worker,
    onReport: ({ seed, violations: [first] }) => {
      if (first !== undefined) failures.push(`seed ${seed}: ${first.check}: ${first.message}`)
      return true
    },
  })
  return failures
}

/** The promise that shows a planted bug; undefined when none does in so many seeds. */
export async function checkThatShows(worker: URL, bug: string, budget: number): Promise<string | undefined> {
  let found: string | undefined
  await runSeeds({
    seeds: seedRange(1, budget),
    jobs: 1,
    worker,
    bug,
    onReport: ({ violations: [first] }) => {
      found = first?.check
      return first === undefined
    },
  })
  return found
}
