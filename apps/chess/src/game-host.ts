import type { ChessTime } from './chess-time.ts'

/** What games get of the process that they are in. */
export interface GameHost {
  readonly time: ChessTime
  /** What that process is called. */
  readonly runner: string
}

/** What everything that a process hosts gets of it. */
export interface ChessHost extends GameHost {
  /** How long finished games are kept. */
  readonly retentionDays: number
}
