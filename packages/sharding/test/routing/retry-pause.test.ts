import { SeededRandom } from '@cruster/core/memory'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { retryPauseMs } from '../../src/routing/retry-pause.ts'

it('grows with the count, spread by half in both directions, to three quarters of a second at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer(), (count, seed) => {
      const pause = retryPauseMs(count, new SeededRandom(seed))

      const middle = Math.min(5 * 1.6 ** (count - 1), 500)
      expect(pause).toBeGreaterThanOrEqual(middle * 0.5)
      expect(pause).toBeLessThan(middle * 1.5)
    }),
  )
})
