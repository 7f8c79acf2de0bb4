import { PGlite } from '@electric-sql/pglite'
import { checkLaw, storageLaws } from '@cruster/testing'
import { describeLaws } from '@cruster/testing/vitest'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { agreesWithModel } from './model/agrees-with-model.ts'
import { storageSteps } from './model/storage-steps.ts'
import { pgliteFolderWorld, pgliteWorld } from './pglite-worlds.ts'

// Opening one takes seconds, and more on a busy machine.
const timeout = 120_000

let database: PGlite

beforeAll(async () => {
  database = await PGlite.create()
}, timeout)

afterAll(() => database.close())

describeLaws(
  {
    name: 'PostgresStorage on PGlite in memory',
    open: () => pgliteWorld(database),
    knownGaps: { ST12: 'in memory nothing survives' },
  },
  storageLaws,
)

it('PostgresStorage on PGlite in a folder has after a restart what was applied before it', { timeout }, async () => {
  const law = storageLaws.find(({ id }) => id === 'ST12')

  expect(law).toBeDefined()
  if (law !== undefined) await checkLaw({ name: 'PGlite', open: pgliteFolderWorld }, law)
})

it('PostgresStorage on PGlite answers like the model, whatever is done to it', { timeout }, async () => {
  const agrees = fc.asyncProperty(storageSteps, async (steps) => {
    await using world = await pgliteWorld(database)
    await agreesWithModel(world, steps)
  })

  await fc.assert(agrees, { numRuns: 10 })
})
