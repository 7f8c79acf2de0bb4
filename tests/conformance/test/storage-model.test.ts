import fc from 'fast-check'
import { expect, it } from 'vitest'
import { agreesWithModel } from './model/agrees-with-model.ts'
import { storageSteps } from './model/storage-steps.ts'
import { ignoresEpochs } from './saboteurs/fencing-saboteurs.ts'
import { cancelsOnlyWhatIsPending, refusesKnownMessagesAlways } from './saboteurs/message-saboteurs.ts'
import { deliversScheduledMessagesLast } from './saboteurs/pending-saboteurs.ts'
import { forgetsDigests, keepsTheReplyOfTheRevived } from './saboteurs/reply-saboteurs.ts'
import { neverPrunes } from './saboteurs/retention-saboteurs.ts'
import { ignoresExpectations } from './saboteurs/state-saboteurs.ts'
import { doesNotFenceTransactions } from './saboteurs/transaction-saboteurs.ts'
import { keepsPartOfRefusedUnits } from './saboteurs/unit-saboteurs.ts'
import { fileWorld, memoryWorld } from './sqlite-worlds.ts'

// Hundreds of storages each, on a machine that may be busy.
const timeout = 60_000

it.each([
  ['in memory', memoryWorld, 300],
  ['in a file', fileWorld, 50],
] as const)(
  'SqliteStorage %s answers like the model, whatever is done to it',
  { timeout },
  async (_, open, numRuns) => {
    const agrees = fc.asyncProperty(storageSteps, async (steps) => {
      await using world = await open()
      await agreesWithModel(world, steps)
    })

    await fc.assert(agrees, { numRuns })
  },
)

it.each(
  Object.entries({
    cancelsOnlyWhatIsPending,
    deliversScheduledMessagesLast,
    doesNotFenceTransactions,
    forgetsDigests,
    ignoresEpochs,
    ignoresExpectations,
    keepsPartOfRefusedUnits,
    keepsTheReplyOfTheRevived,
    neverPrunes,
    refusesKnownMessagesAlways,
  }),
)('the model notices a storage that %s', { timeout }, async (_, saboteur) => {
  const agrees = fc.asyncProperty(storageSteps, async (steps) => {
    await using world = await memoryWorld(saboteur)
    await agreesWithModel(world, steps)
  })

  const { failed } = await fc.check(agrees, { numRuns: 2000, endOnFailure: true, seed: 7 })

  expect(failed).toBe(true)
})
