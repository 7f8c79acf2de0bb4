/** Pauses that double: between `initialMs` and `maximumMs`, each lengthened by a random part of up to `jitter`. */
export interface PauseGrowth {
  readonly initialMs: number
  readonly maximumMs: number
  /** 0 … 1. */
  readonly jitter: number
}

/** Doublings after which a pause grows no more, whatever its maximum. */
const mostDoublings = 10

/** The pause after failure `count` (from 1), in milliseconds. `random` is from [0, 1). */
export function growingPauseMs({ initialMs, maximumMs, jitter }: PauseGrowth, count: number, random: number): number {
  const doublings = Math.min(Math.max(count - 1, 0), mostDoublings)
  const pause = Math.min(initialMs * 2 ** doublings, maximumMs)
  return Math.round(pause * (1 + jitter * random))
}
