import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backoffMs } from '../../src/entity/backoff.ts'

it('makes each pause half as long again, up to the longest', () => {
  const pauses = [1, 2, 3, 4, 5].map((count) => backoffMs({ initialMs: 500, maxMs: 2000 }, count))

  expect(pauses).toEqual([500, 750, 1125, 1687.5, 2000])
})

it('makes no pause before the first repetition is due', () => {
  expect(backoffMs({ initialMs: 500, maxMs: 2000 }, 0)).toBe(0)
})

it('never shrinks, and never exceeds the longest', () => {
  const backoff = fc.record({
    initialMs: fc.integer({ min: 1, max: 10_000 }),
    maxMs: fc.integer({ min: 1, max: 60_000 }),
  })
  fc.assert(
    fc.property(backoff, fc.integer({ min: 1, max: 5000 }), (settings, count) => {
      const pause = backoffMs(settings, count)

      expect(pause).toBeLessThanOrEqual(settings.maxMs)
      expect(backoffMs(settings, count + 1)).toBeGreaterThanOrEqual(pause)
    }),
  )
})
