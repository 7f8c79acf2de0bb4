import { brokenLaws, storageLaws, type StorageWorld } from '@cruster/testing'
import { describe, expect, it } from 'vitest'
import type { Saboteur } from './saboteurs/alter-storage.ts'
import * as enqueues from './saboteurs/enqueue-saboteurs.ts'
import * as executions from './saboteurs/execution-saboteurs.ts'
import * as fencing from './saboteurs/fencing-saboteurs.ts'
import * as hints from './saboteurs/hint-saboteurs.ts'
import * as messages from './saboteurs/message-saboteurs.ts'
import * as pending from './saboteurs/pending-saboteurs.ts'
import * as replies from './saboteurs/reply-saboteurs.ts'
import * as retention from './saboteurs/retention-saboteurs.ts'
import * as states from './saboteurs/state-saboteurs.ts'
import * as transactions from './saboteurs/transaction-saboteurs.ts'
import * as units from './saboteurs/unit-saboteurs.ts'
import { postgresWorld } from './postgres-worlds.ts'
import { fileWorld, memoryWorld } from './sqlite-worlds.ts'

const saboteurs = {
  ...units,
  ...fencing,
  ...states,
  ...replies,
  ...messages,
  ...pending,
  ...transactions,
  ...retention,
  ...hints,
  ...executions,
}

/** Which laws each broken variant of a sound storage breaks: these and no others. */
const noticed: Readonly<Record<keyof typeof saboteurs, readonly string[]>> = {
  answersBackwards: ['ST2', 'ST6c', 'ST9', 'ST19b'],
  appliesUnitsBackwards: ['ST2', 'ST6c', 'ST9', 'ST19b', 'ST21b'],
  keepsPartOfRefusedUnits: ['ST1', 'ST1b', 'ST1c', 'ST19b', 'ST21d'],
  refusesConcurrentCallsTogether: ['ST1b', 'ST1c', 'ST2', 'ST19b'],
  stopsAtTheFirstRefusal: ['ST1b', 'ST2', 'ST6c', 'ST9', 'ST19b'],
  checksEpochsBeforeWriting: ['ST3b'],
  claimsBesideOpenTransactions: ['ST14c'],
  comparesEpochsAcrossShards: ['ST3c'],
  forgetsTheNewestEpoch: ['ST4b'],
  grantsEveryClaim: ['ST4'],
  ignoresEpochs: ['ST3', 'ST5', 'ST19d', 'ST21d'],
  refusesTheSameClaimAgain: ['ST4'],
  trustsUnclaimedEpochs: ['ST5'],
  checksExpectationsBeforeTheCommit: ['ST6c'],
  ignoresExpectations: ['ST6b', 'ST6c'],
  loadsTheFirstState: ['ST6'],
  putsStatesOnAnyVersion: ['ST6', 'ST6c'],
  doesNotAnswerForTheDead: ['ST15', 'ST16'],
  forgetsDigests: ['ST7', 'ST8', 'ST15'],
  forgetsTheExitOfTheDead: ['ST15'],
  forgetsTheFirstExit: ['ST2', 'ST7', 'ST7b', 'ST8', 'ST11d', 'ST15'],
  keepsTheReplyOfTheRevived: ['ST15b'],
  listsTheLongestDeadFirst: ['ST15d'],
  overwritesReplies: ['ST7', 'ST7b'],
  revivesTheLiving: ['ST15c'],
  takesMessagesForReplies: ['ST7c', 'ST15b'],
  cancelsOnlyWhatIsPending: ['ST11b'],
  keepsWhatIsToBeForgotten: ['ST11d', 'ST11e'],
  countsNoAttempts: ['ST11c'],
  cutsIdsAtNul: ['ST17'],
  forgetsOneWay: ['ST17c'],
  leavesOutEmptyShards: ['ST9c'],
  letsGoneMessagesBeRetired: ['ST2', 'ST11', 'ST11d'],
  losesEmptyPayloads: ['ST17', 'ST17b'],
  numbersMessagesAcrossShards: ['ST9'],
  refusesKnownMessagesAlways: ['ST8b'],
  storesMessagesTwice: ['ST8', 'ST8c', 'ST11d', 'ST15'],
  wastesSequencesOfRefusedUnits: ['ST9', 'ST11d'],
  alwaysReadsFromTheStart: ['ST9b', 'ST10', 'ST10d'],
  deliversScheduledMessagesAtOnce: ['ST10b'],
  deliversScheduledMessagesLast: ['ST10b', 'ST10d'],
  listsEveryStatus: ['ST10c'],
  listsOldestFirst: ['ST10c'],
  readsPagesOfAnySize: ['ST10', 'ST10d'],
  showsSomeMessagesLate: ['ST1c', 'ST9b', 'ST10d'],
  sortsPendingById: ['ST9b', 'ST10', 'ST10b', 'ST10d', 'ST15b'],
  commitsDisposedTransactions: ['ST13c', 'ST13d'],
  doesNotFenceEmptyTransactions: ['ST14b'],
  doesNotFenceTransactions: ['ST14', 'ST14b'],
  hidesItsOwnWrites: ['ST13d'],
  ignoresAborts: ['ST13c'],
  keepsUserSqlOfRefusedTransactions: ['ST13b', 'ST14', 'ST14b'],
  losesUserSql: ['ST13', 'ST13c'],
  forgetsHowLongToKeepMessages: ['ST16', 'ST16b', 'ST17', 'ST17c'],
  neverPrunes: ['ST16', 'ST16b', 'ST16c', 'ST16d', 'ST23', 'ST23b', 'ST23c'],
  prunesTooEarly: ['ST16'],
  prunesWithoutLimit: ['ST16c', 'ST23b'],
  remembersPrunedIds: ['ST11d', 'ST16d'],
  announcesNothing: ['ST18'],
  announcesTooMuch: ['ST18'],
  addsToJournalsAnywhere: ['ST19', 'ST19b', 'ST20b', 'ST21c'],
  checksJournalsBeforeTheCommit: ['ST19b'],
  letsManyWin: ['ST19c'],
  losesJournalsOfTransactions: ['ST19e'],
  readsJournalsFromTheStart: ['ST20', 'ST20c'],
  forgetsLongJournals: ['ST20'],
  truncatesNothing: ['ST19b', 'ST20b'],
  losesEmptyEntries: ['ST20c'],
  takesJournalsFromAnybody: ['ST19d'],
  takesRecordsFromAnybody: ['ST21d'],
  forgetsParents: ['ST21', 'ST21e'],
  tellsTheLastChangeForTheEnd: ['ST21b'],
  leavesJournalsOfTheDeleted: ['ST21c', 'ST22c'],
  cutsNotesAtNul: ['ST21e'],
  ignoresStatusFilters: ['ST22'],
  countsAllExecutions: ['ST22'],
  cursorsKnowMomentsOnly: ['ST22b'],
  cursorsCountRows: ['ST22c'],
  prunesNoExecutions: ['ST21', 'ST23', 'ST23b', 'ST23c'],
  prunesExecutionsWithoutLimit: ['ST23b'],
  keepsExecutionsTooShort: ['ST21', 'ST23c'],
  countsRetentionFromTheStart: ['ST23c'],
}

const broken = (open: () => Promise<StorageWorld>): Promise<string[]> =>
  brokenLaws({ name: 'broken', open }, storageLaws)

/** These take a storage that can enqueue, on a server; of its laws only those about that are checked. */
const enqueueSaboteurs = { ...enqueues, announcesNothing: hints.announcesNothing }

const noticedOnServer: Readonly<Record<keyof typeof enqueueSaboteurs, readonly string[]>> = {
  announcesNothing: ['ST24e'],
  beginsTransactionsItself: ['ST24d'],
  endsTransactionsOnKnownIds: ['ST24c'],
  storesAtOnce: ['ST24', 'ST24b', 'ST24d'],
  storesAtOnceWhenBusy: ['ST24b'],
  storesSomeShardsAtOnce: ['ST24'],
}

// Each test runs all laws.
describe('the laws of storage notice a storage that', { timeout: 60_000 }, () => {
  it.each(Object.entries<Saboteur>(saboteurs))('%s', async (name, saboteur) => {
    expect(await broken(() => memoryWorld(saboteur))).toEqual(noticed[name as keyof typeof saboteurs])
  })

  it.each(Object.entries<Saboteur>(enqueueSaboteurs))('%s', async (name, saboteur) => {
    const laws = storageLaws.filter(({ id }) => id.startsWith('ST24'))
    const wrong = await brokenLaws({ name: 'broken', open: () => postgresWorld(saboteur) }, laws)

    expect(wrong).toEqual(noticedOnServer[name as keyof typeof enqueueSaboteurs])
  })

  it('starts empty after a restart', async () => {
    const open = async (): Promise<StorageWorld> => ({
      ...(await fileWorld()),
      reopen: async () => (await memoryWorld()).storage,
    })

    expect(await broken(open)).toEqual(['ST12', 'ST12b'])
  })

  it('breaks any one of them', () => {
    const all = new Set([...Object.values(noticed).flat(), ...Object.values(noticedOnServer).flat(), 'ST12', 'ST12b'])

    expect(storageLaws.map(({ id }) => id).filter((id) => !all.has(id))).toEqual([])
  })
})
