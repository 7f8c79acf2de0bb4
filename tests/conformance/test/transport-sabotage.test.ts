import { brokenLaws, transportLaws } from '@cruster/testing'
import { describe, expect, it } from 'vitest'
import type { TransportSaboteur } from './saboteurs/transport-saboteurs.ts'
import * as saboteurs from './saboteurs/transport-saboteurs.ts'
import { memoryTransportWorld } from './transport-worlds.ts'

/** Which laws each broken variant of a sound transport breaks: these and no others. */
const noticed: Readonly<Record<keyof typeof saboteurs, readonly string[]>> = {
  reversesBatches: ['TR1', 'TR1b', 'TR4'],
  losesLongBatches: ['TR1', 'TR1b', 'TR4'],
  sendsTwice: ['TR1', 'TR1b', 'TR4', 'TR3', 'TR7b'],
  letsBatchesOvertake: ['TR1', 'TR1b'],
  losesWhatWasSentBeforeTheEnd: ['TR1b'],
  closesInSilence: ['TR1b', 'TR2'],
  neverEndsFrames: ['TR1b', 'TR2', 'TR2b', 'TR7', 'TR6'],
  neverResolvesClosed: ['TR1b', 'TR2', 'TR2b', 'TR7', 'TR6'],
  givesAReasonForEveryEnd: ['TR2'],
  givesNoReasons: ['TR2b', 'TR7'],
  repeatsOnTheNextLine: ['TR3'],
  losesTraces: ['TR4'],
  losesLargeNumbers: ['TR4'],
  losesEmptyValues: ['TR4'],
  waitsForNobody: ['TR5', 'TR5b', 'TR5c', 'TR6'],
  throwsItsOwnErrors: ['TR5', 'TR5b', 'TR5c', 'TR6'],
  ignoresTheSignal: ['TR5b'],
  triesForEver: ['TR5c'],
  neverStopsListening: ['TR6'],
  leavesConnectionsOpen: ['TR6'],
  doesNotNoticeSilence: ['TR7'],
  givesQuietLinesUp: ['TR7b'],
}

describe('the laws of transports notice one that', () => {
  it.each(Object.entries<TransportSaboteur>(saboteurs))('%s', async (name, parts) => {
    const broken = await brokenLaws({ name, open: () => memoryTransportWorld(parts) }, transportLaws)

    expect(broken).toEqual(noticed[name as keyof typeof saboteurs])
  })

  it('breaks any one of them', () => {
    const all = new Set(Object.values(noticed).flat())

    expect(transportLaws.map(({ id }) => id).filter((id) => !all.has(id))).toEqual([])
  })
})
