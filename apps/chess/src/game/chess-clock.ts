import type { Color } from './color.ts'
import { opposite } from './color.ts'
import type { TimeControl } from './time-control.ts'

/** Two clocks of which one runs. All in milliseconds; `since` is a time of day. */
export interface ChessClock {
  /** What each side had left at `since`. */
  readonly white: number
  readonly black: number
  /** Whose time runs down; null once the game is over. */
  readonly running: Color | null
  readonly since: number
}

/** White's time runs from the creation of the game. */
export function startClock({ initialMs }: TimeControl, now: number): ChessClock {
  return { white: initialMs, black: initialMs, running: 'white', since: now }
}

/** How long the side to move has been thinking. A clock that was set back counts as no time. */
export function elapsed(clock: ChessClock, now: number): number {
  return Math.max(0, now - clock.since)
}

/** What a side has left, never less than nothing. */
export function remaining(clock: ChessClock, color: Color, now: number): number {
  return clock.running === color ? Math.max(0, clock[color] - elapsed(clock, now)) : clock[color]
}

/** When the running side's time is used up; undefined when the clock is stopped. */
export function flagFallsAt(clock: ChessClock): number | undefined {
  return clock.running === null ? undefined : clock.since + clock[clock.running]
}

export function hasFlagFallen(clock: ChessClock, now: number): boolean {
  const at = flagFallsAt(clock)
  return at !== undefined && now >= at
}

/** The side to move has moved: it gets its increment, and the other side's time runs. */
export function pressClock(clock: ChessClock, { incrementMs }: TimeControl, now: number): ChessClock {
  if (clock.running === null) return clock
  const mover = clock.running
  return { ...clock, [mover]: remaining(clock, mover, now) + incrementMs, running: opposite(mover), since: now }
}

/** The game is over: both keep what they have. */
export function stopClock(clock: ChessClock, now: number): ChessClock {
  const [white, black] = [remaining(clock, 'white', now), remaining(clock, 'black', now)]
  return { white, black, running: null, since: now }
}
