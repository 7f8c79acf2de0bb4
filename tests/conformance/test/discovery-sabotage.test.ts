import { brokenLaws, discoveryLaws } from '@cruster/testing'
import { describe, expect, it } from 'vitest'
import { memoryDiscoveryWorld } from './discovery-worlds.ts'
import type { DiscoverySaboteur } from './saboteurs/discovery-saboteurs.ts'
import * as saboteurs from './saboteurs/discovery-saboteurs.ts'

/** Which laws each broken variant of a sound discovery breaks: these and no others. */
const noticed: Readonly<Record<keyof typeof saboteurs, readonly string[]>> = {
  startsWithoutSnapshot: ['DS1', 'DS9', 'DS5', 'DS5c', 'DS7b'],
  reportsBackwards: ['DS1'],
  losesUnlocks: ['DS1', 'DS5', 'DS5c', 'DS7b'],
  watchesForEver: ['DS1b'],
  grantsEveryLock: ['DS2', 'DS2b', 'DS7', 'DS7c'],
  namesNobody: ['DS2b'],
  countsEpochsPerMember: ['DS3'],
  renewsEpochs: ['DS9', 'DS4', 'DS5b'],
  releasesNothing: ['DS1', 'DS3', 'DS5'],
  releasesWhatOthersHold: ['DS5b'],
  keepsLocksOfTheDisposed: ['DS1', 'DS5c', 'DS6b'],
  givesAllTheSameMachineId: ['DS6'],
  letsAddressesRepeat: ['DS1', 'DS6b'],
  countsOnItsLeaseForEver: ['DS7'],
  tellsNobodyThatItIsLost: ['DS7'],
  losesLocksBeforeTheLease: ['DS7', 'DS7c'],
  neverLetsALeaseEnd: ['DS7', 'DS7b'],
  losesHealthyMembers: ['DS7c'],
  lastSettingsWin: ['DS8', 'DS8b'],
  comparesOnlyWhatIsProposed: ['DS8'],
  dropsLocksOnUpdate: ['DS1', 'DS9'],
  keepsUpdatesToItself: ['DS1', 'DS9'],
  throwsItsOwnErrors: ['DS6b'],
}

describe('the laws of discovery notice one that', () => {
  it.each(Object.entries<DiscoverySaboteur>(saboteurs))('%s', async (name, parts) => {
    const broken = await brokenLaws({ name, open: () => memoryDiscoveryWorld(parts) }, discoveryLaws)

    expect(broken).toEqual(noticed[name as keyof typeof saboteurs])
  })

  it('breaks any one of them', () => {
    const all = new Set(Object.values(noticed).flat())

    expect(discoveryLaws.map(({ id }) => id).filter((id) => !all.has(id))).toEqual([])
  })
})
