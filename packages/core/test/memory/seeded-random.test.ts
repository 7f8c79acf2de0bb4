import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/memory/seeded-random.ts'

describe('a seeded random', () => {
  it('gives the same for the same seed, for ever', () => {
    const random = new SeededRandom(7)

    expect([random.next(), [...random.bytes(4)], random.uuid()]).toMatchInlineSnapshot(`
      [
        0.049009592574554284,
        [
          238,
          243,
          101,
          163,
        ],
        "4e1ba8b6-4d03-405a-b37b-78886fc19fd9",
      ]
    `)
    expect(new SeededRandom(7).next()).toBe(new SeededRandom(7).next())
  })

  it('gives something else for another seed', () => {
    const firsts = [0, 1, 2, -1, 2 ** 31].map((seed) => new SeededRandom(seed).next())

    expect(new Set(firsts).size).toBe(5)
  })

  it('is spread evenly', () => {
    const random = new SeededRandom(1)
    const buckets = Array.from({ length: 10 }, () => 0)

    for (let draw = 0; draw < 100_000; draw += 1) {
      const bucket = Math.floor(random.next() * 10)
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
    }

    expect(Math.min(...buckets)).toBeGreaterThan(9600)
    expect(Math.max(...buckets)).toBeLessThan(10_400)
  })
})
