import { findBug } from './find-bug.ts'
import { plantedBugs } from './planted-bugs.ts'

/** Looks for each planted bug, prints the table, and says whether all were found. */
export async function plantedBugTable(budget: number, jobs: number): Promise<boolean> {
  let isComplete = true
  const left = plantedBugs.values()
  const lane = async (): Promise<void> => {
    for (const bug of left) {
      const found = await findBug(bug, budget)
      if (found === undefined) isComplete = false
      const how = found === undefined ? `not found by ${budget} seeds` : `${found.seeds} seeds: ${found.check}`
      console.log(`${bug.name.padEnd(58)} ${how}`)
    }
  }
  await Promise.all(Array.from({ length: jobs }, lane))
  return isComplete
}
