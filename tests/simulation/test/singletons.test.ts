import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { runSeeds } from '../src/run-seeds.ts'
import { seedRange } from '../src/seed-range.ts'
import { runSingletons } from '../src/singletons/run-singletons.ts'
import { singletonBugs } from '../src/singletons/singleton-bugs.ts'

const worker = new URL('../src/singletons/singleton-worker.ts', import.meta.url)
const fixed = 30
const fresh = 20
/** Seeds in which each bug has to show. */
const budget = 40

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

it('plays singletons and schedules without faults', { timeout: 20_000 }, async () => {
  expect((await runSingletons(1, 'none')).violations).toEqual([])
})

it(`keeps all promises of singletons and schedules in the first ${fixed} seeds`, { timeout: 60_000 }, async () => {
  expect(await failuresOf(seedRange(1, fixed))).toEqual([])
})

it(`keeps all promises of singletons and schedules in ${fresh} fresh seeds`, { timeout: 60_000 }, async () => {
  // Others each time, so that over the days many are seen. A failure names its seed.
  expect(await failuresOf(seedRange(1_000_000 + (Date.now() % 1_000_000_000), fresh))).toEqual([])
})

it.each(singletonBugs)('notices a planted bug: $name', { timeout: 60_000 }, async ({ name }) => {
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
