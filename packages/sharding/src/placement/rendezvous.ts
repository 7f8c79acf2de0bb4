import type { HashVersion } from '@cruster/core'
import { scoreHash } from '@cruster/core'

/** A runner as placement sees it. */
export interface Candidate {
  /** What is hashed: stable over restarts, so that a restarted runner gets its shards back. */
  readonly name: string
  /** Share relative to others; above 0. */
  readonly weight: number
}

/**
 * Weighted rendezvous hashing: each candidate draws a score for the shard, the highest one wins. Removing a candidate
 * moves only its shards; adding one moves shards only to it; a weight of w gets w / Σw of all.
 *
 * Score −w / ln(h) with h uniform in (0, 1), after Schindelhauer and Schomaker, "Weighted Distributed Hash Tables",
 * SPAA 2005. Equal scores are decided by name, so that the order of the list never matters.
 */
export function rendezvous<C extends Candidate>(
  version: HashVersion,
  shard: string,
  candidates: readonly C[],
): C | undefined {
  let winner: C | undefined
  let best = -Infinity
  for (const candidate of candidates) {
    const score = -candidate.weight / Math.log(scoreHash(version, candidate.name, shard))
    if (score > best || (score === best && winner !== undefined && candidate.name < winner.name)) {
      winner = candidate
      best = score
    }
  }
  return winner
}
