import type { Random } from '@cruster/core/ports'

const firstMs = 5
const longestMs = 500

/** How long a call waits for news before its next attempt: growing, jittered so that callers do not come back at once. */
export function retryPauseMs(count: number, random: Random): number {
  const pause = Math.min(firstMs * 1.6 ** (count - 1), longestMs)
  return pause * (0.5 + random.next())
}
