import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { findBugs } from '../src/planted/find-bugs.ts'
import { plantedBugs } from '../src/planted/planted-bugs.ts'

/** Seeds in which each bug has to show. */
const budget = 400

it('finds every planted bug', { timeout: 110_000 }, async () => {
  const rows: string[] = []
  const missed = await findBugs(plantedBugs, {
    budget,
    jobs: availableParallelism(),
    onRow: (row) => rows.push(row),
  })
  console.log(rows.join('\n'))

  expect(missed).toEqual([])
})
