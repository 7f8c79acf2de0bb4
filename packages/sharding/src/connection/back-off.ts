import type { Random } from '@cruster/core/ports'

const firstMs = 50
const maxMs = 2_000

/**
 * How long to leave a peer alone after so many failures in a row: doubling from 50 ms to 2 s, each time between half of
 * it and all of it, so that callers that failed together do not come back together.
 */
export function backOffMs(failures: number, random: Random): number {
  const longest = Math.min(maxMs, firstMs * 2 ** (failures - 1))
  return longest * (0.5 + random.next() / 2)
}
