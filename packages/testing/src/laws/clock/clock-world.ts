import type { Clock } from '@cruster/core/ports'
import type { Time } from '../../eventually.ts'

/** A clock and what the laws do to it. */
export interface ClockWorld extends Time, AsyncDisposable {
  readonly clock: Clock
  /** Sets the wall clock forward, or back by a negative number. Nothing else notices. */
  jumpWallClock(ms: number): void
}
