import { runSeeds } from '../run-seeds.ts'
import { seedRange } from '../seed-range.ts'
import type { PlantedBug } from './planted-bug.ts'

export interface Found {
  /** How many seeds it took. */
  readonly seeds: number
  /** The promise that was broken. */
  readonly check: string
}

/** Runs seeds, from 1 on, with the bug planted, until one notices it. Undefined when none of the budget does. */
export async function findBug(bug: PlantedBug, budget: number): Promise<Found | undefined> {
  let found: Found | undefined
  await runSeeds({
    seeds: seedRange(1, budget),
    jobs: 1,
    bug: bug.name,
    onReport: ({ seed, violations: [first] }) => {
      if (first !== undefined) found = { seeds: seed, check: first.check }
      return first === undefined
    },
  })
  return found
}
