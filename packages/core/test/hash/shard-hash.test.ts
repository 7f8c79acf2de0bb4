import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/error/config-error.ts'
import type { HashVersion } from '../../src/hash/shard-hash.ts'
import { colocationHash, hashVersion, scoreHash, shardHash, shardIndex } from '../../src/hash/shard-hash.ts'

const ids = Array.from({ length: 10_000 }, (_, index) => `user-${index}`)

describe('version 1', () => {
  /** Entities live where these numbers say: never change one. */
  it.each([
    ['Counter', 'a', 4_171_591_245],
    ['Counter', '', 3_609_886_245],
    ['Counter', 'grüße/🚀', 4_165_298_780],
    ['Account', '6f1c0e9a-1f0a-4e35-8d6c-0d7a3b1c2d3e', 2_759_691_816],
  ])('hashes %s/%s to %d for ever', (type, id, hash) => {
    expect(shardHash(1, type, id)).toBe(hash)
  })

  it('hashes a co-location key for ever', () => {
    expect(colocationHash(1, 'customer-7')).toBe(970_556_838)
  })

  it('draws the same lot for ever', () => {
    expect(scoreHash(1, '10.0.0.1:9000', 'default:17')).toBe(0.40517306070180414)
  })
})

describe('shardHash', () => {
  it('tells apart where the type ends and the id begins', () => {
    expect(shardHash(1, 'Counter', 'a')).not.toBe(shardHash(1, 'Countera', ''))
    expect(shardHash(1, 'Counter', 'a')).not.toBe(shardHash(1, 'Counte', 'ra'))
  })

  it('hashes ids longer than its first buffer', () => {
    expect(shardHash(1, 'Counter', 'x'.repeat(5000))).not.toBe(shardHash(1, 'Counter', 'x'.repeat(5001)))
  })

  it('spreads 10 000 ids over 300 shards so that none has twice the mean', () => {
    const counts = Array.from({ length: 300 }, () => 0)
    for (const id of ids) {
      const index = shardIndex(shardHash(1, 'User', id), 300)
      counts[index] = (counts[index] ?? 0) + 1
    }

    expect(Math.max(...counts)).toBeLessThan((2 * 10_000) / 300)
    expect(Math.min(...counts)).toBeGreaterThan(0)
  })

  it('changes about half of the bits when one character changes', () => {
    const changes = ids.map((id) => bitsSet(shardHash(1, 'User', id) ^ shardHash(1, 'User', `${id.slice(0, -1)}x`)))

    expect(mean(changes)).toBeGreaterThan(15.5)
    expect(mean(changes)).toBeLessThan(16.5)
  })

  it('refuses a version that it does not know', () => {
    expect(() => shardHash(2 as HashVersion, 'Counter', 'a')).toThrow(ConfigError)
    expect(() => hashVersion(0)).toThrow(
      'Hash version 0 is unknown to this release, which knows 1. Upgrade the release.',
    )
  })
})

describe('shardIndex', () => {
  it('is a shard of the group for every hash', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.integer({ min: 1, max: 100_000 }), (hash, shards) => {
        const index = shardIndex(hash, shards)
        expect(Number.isInteger(index) && index >= 0 && index < shards).toBe(true)
      }),
    )
  })

  it('uses the first and the last shard', () => {
    expect([shardIndex(0, 300), shardIndex(2 ** 32 - 1, 300)]).toEqual([0, 299])
  })
})

describe('scoreHash', () => {
  it('is strictly between 0 and 1', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (runner, shard) => {
        const score = scoreHash(1, runner, shard)
        expect(score > 0 && score < 1 && Math.log(score) < 0).toBe(true)
      }),
    )
  })

  it('is spread evenly', () => {
    const scores = ids.map((id) => scoreHash(1, '10.0.0.1:9000', id))

    expect(mean(scores)).toBeCloseTo(0.5, 1)
    expect(Math.max(...scores)).toBeGreaterThan(0.99)
    expect(new Set(scores).size).toBe(ids.length)
  })

  it('gives runners shards in proportion to their weights', () => {
    const runners = [
      { name: '10.0.0.1:9000', weight: 1 },
      { name: '10.0.0.2:9000', weight: 3 },
    ]
    const score = (runner: (typeof runners)[number], shard: string): number =>
      -runner.weight / Math.log(scoreHash(1, runner.name, shard))

    const won = ids.filter((shard) => score(runners[1]!, shard) > score(runners[0]!, shard)).length

    expect(won / ids.length).toBeCloseTo(0.75, 1)
  })
})

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function bitsSet(word: number): number {
  return (word >>> 0).toString(2).replaceAll('0', '').length
}
