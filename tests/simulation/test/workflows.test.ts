import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { runSeeds } from '../src/run-seeds.ts'
import { seedRange } from '../src/seed-range.ts'
import { jobBugs } from '../src/workflows/job-bugs.ts'
import { drawJobScenario } from '../src/workflows/job-scenario.ts'
import { runJobs } from '../src/workflows/run-jobs.ts'

const worker = new URL('../src/workflows/job-worker.ts', import.meta.url)
const fixed = 60
const fresh = 30
/** Seeds in which each bug has to show. */
const budget = 100

async function failuresOf(seeds: Iterable<number>): Promise<readonly string[]> {
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

it('plays workflows without faults', { timeout: 20_000 }, async () => {
  for (const seed of seedRange(1, 10)) expect((await runJobs(drawJobScenario(seed, 'none'))).violations).toEqual([])
})

it(`keeps all promises of workflows in the first ${fixed} seeds`, { timeout: 90_000 }, async () => {
  expect(await failuresOf(seedRange(1, fixed))).toEqual([])
})

it(`keeps all promises of workflows in ${fresh} fresh seeds`, { timeout: 60_000 }, async () => {
  // Others each time, so that over the days many are seen. A failure names its seed.
  expect(await failuresOf(seedRange(1_000_000 + (Date.now() % 1_000_000_000), fresh))).toEqual([])
})

it.each(jobBugs)('notices a planted bug of workflows: $name', { timeout: 60_000 }, async ({ name }) => {
  let found: string | undefined
  await runSeeds({
    seeds: seedRange(1, budget),
    jobs: 1,
    worker,
    bug: name,
    onReport: ({ violations: [first] }) => {
      found = first?.check
      return first === undefined
    },
  })

  expect(found).toEqual(expect.any(String))
})
