import { expect, it } from 'vitest'
import { seedRange } from '../src/seed-range.ts'
import { jobBugs } from '../src/workflows/job-bugs.ts'
import { jobRegressions } from '../src/workflows/job-regressions.ts'
import { drawJobScenario } from '../src/workflows/job-scenario.ts'
import { runJobs } from '../src/workflows/run-jobs.ts'
import { checkThatShows, failuresOf } from './worker-seeds.ts'

const worker = new URL('../src/workflows/job-worker.ts', import.meta.url)
const fixed = 60
const fresh = 30
/** Seeds in which each bug has to show. */
const budget = 200

it('plays workflows without faults', { timeout: 20_000 }, async () => {
  for (const seed of seedRange(1, 10)) expect((await runJobs(drawJobScenario(seed, 'none'))).violations).toEqual([])
})

it(`keeps all promises of workflows in the first ${fixed} seeds`, { timeout: 90_000 }, async () => {
  expect(await failuresOf(worker, seedRange(1, fixed))).toEqual([])
})

it(`keeps all promises of workflows in ${fresh} fresh seeds`, { timeout: 60_000 }, async () => {
  // Others each time, so that over the days many are seen. A failure names its seed.
  expect(await failuresOf(worker, seedRange(1_000_000 + (Date.now() % 1_000_000_000), fresh))).toEqual([])
})

it.each(jobRegressions)('seed %i of workflows: %s', { timeout: 10_000 }, async (seed) => {
  expect((await runJobs(drawJobScenario(seed))).violations).toEqual([])
})

it.each(jobBugs)('notices a planted bug of workflows: $name', { timeout: 60_000 }, async ({ name }) => {
  expect(await checkThatShows(worker, name, budget)).toEqual(expect.any(String))
})
