import { expect, it } from 'vitest'
import { seedRange } from '../src/seed-range.ts'
import { runSingletons } from '../src/singletons/run-singletons.ts'
import { singletonBugs } from '../src/singletons/singleton-bugs.ts'
import { checkThatShows, failuresOf } from './worker-seeds.ts'

const worker = new URL('../src/singletons/singleton-worker.ts', import.meta.url)
const fixed = 30
const fresh = 20
/** Seeds in which each bug has to show. */
const budget = 40

it('plays singletons and schedules without faults', { timeout: 20_000 }, async () => {
  expect((await runSingletons(1, 'none')).violations).toEqual([])
})

it(`keeps all promises of singletons and schedules in the first ${fixed} seeds`, { timeout: 60_000 }, async () => {
  expect(await failuresOf(worker, seedRange(1, fixed))).toEqual([])
})

it(`keeps all promises of singletons and schedules in ${fresh} fresh seeds`, { timeout: 60_000 }, async () => {
  // Others each time, so that over the days many are seen. A failure names its seed.
  expect(await failuresOf(worker, seedRange(1_000_000 + (Date.now() % 1_000_000_000), fresh))).toEqual([])
})

it.each(singletonBugs)('notices a planted bug: $name', { timeout: 60_000 }, async ({ name }) => {
  expect(await checkThatShows(worker, name, budget)).toEqual(expect.any(String))
})
