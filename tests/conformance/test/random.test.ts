import { SystemRandom } from '@cruster/core'
import { SeededRandom } from '@cruster/core/memory'
import type { Random } from '@cruster/core/ports'
import type { RandomWorld } from '@cruster/testing'
import { brokenLaws, randomLaws } from '@cruster/testing'
import { describeLaws } from '@cruster/testing/vitest'
import { describe, expect, it } from 'vitest'

const worldOf = async (random: Random): Promise<RandomWorld> => ({ random, [Symbol.asyncDispose]: async () => {} })

describeLaws({ name: 'SeededRandom', open: () => worldOf(new SeededRandom(7)) }, randomLaws)

describeLaws({ name: 'SystemRandom', open: () => worldOf(new SystemRandom()) }, randomLaws)

class ReachesOne extends SeededRandom {
  override next(): number {
    return Math.round(super.next())
  }
}

class StaysLow extends SeededRandom {
  override next(): number {
    return super.next() / 2
  }
}

class GivesTooFewBytes extends SeededRandom {
  override bytes(length: number): Uint8Array {
    return super.bytes(Math.min(length, 65_536))
  }
}

class NamesNoVersion extends SeededRandom {
  override uuid(): string {
    return super.uuid().replace(/^(.{14})4/u, '$11')
  }
}

class RepeatsItself extends SeededRandom {
  override uuid(): string {
    return new SeededRandom(1).uuid()
  }
}

describe('the laws of randomness notice a source that', () => {
  it.each([
    ['reaches one', ReachesOne, ['RN1']],
    ['leaves a part of the range out', StaysLow, ['RN1']],
    ['gives too few bytes', GivesTooFewBytes, ['RN2']],
    ['names no version', NamesNoVersion, ['RN3']],
    ['repeats itself', RepeatsItself, ['RN3']],
  ])('%s', async (name, Broken, laws) => {
    expect(await brokenLaws({ name, open: () => worldOf(new Broken(7)) }, randomLaws)).toEqual(laws)
  })
})
