/** Pauses between repetitions: `initialMs`, then each 1.5 times longer, up to `maxMs`. */
export interface Backoff {
  readonly initialMs: number
  readonly maxMs: number
}

/** The pause before repetition `count`, from 1. 0 for a count below. */
export function backoffMs(backoff: Backoff, count: number): number {
  if (count < 1) return 0
  return Math.min(backoff.initialMs * 1.5 ** (count - 1), backoff.maxMs)
}
