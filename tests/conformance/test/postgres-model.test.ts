import fc from 'fast-check'
import { it } from 'vitest'
import { agreesWithModel } from './model/agrees-with-model.ts'
import { storageSteps } from './model/storage-steps.ts'
import { postgresWorld } from './postgres-worlds.ts'

it('PostgresStorage answers like the model, whatever is done to it', { timeout: 120_000 }, async () => {
  const agrees = fc.asyncProperty(storageSteps, async (steps) => {
    await using world = await postgresWorld()
    await agreesWithModel(world, steps)
  })

  await fc.assert(agrees, { numRuns: 50 })
})
