import { findBug } from './find-bug.ts'
import type { PlantedBug } from './planted-bug.ts'

export interface FindOptions {
  /** Seeds for each bug. */
  readonly budget: number
  /** Bugs that are looked for at once. */
  readonly jobs: number
  /** Hears of each bug: its name, the seeds it took, the promise that showed it. */
  readonly onRow: (row: string) => void
}

/** Looks for each bug. Resolves to the names of those that were not found. */
export async function findBugs(bugs: readonly PlantedBug[], options: FindOptions): Promise<readonly string[]> {
  const missed: string[] = []
  const left = bugs.values()
  const lane = async (): Promise<void> => {
    for (const bug of left) {
      const found = await findBug(bug, options.budget)
      if (found === undefined) missed.push(bug.name)
      const how = found === undefined ? `not found by ${options.budget} seeds` : `${found.seeds} seeds: ${found.check}`
      options.onRow(`${bug.name.padEnd(58)} ${how}`)
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, lane))
  return missed
}
