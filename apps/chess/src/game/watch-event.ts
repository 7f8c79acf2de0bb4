import type { Color } from './color.ts'
import type { DrawOffer, GameSnapshot, MoveRecord } from './game.ts'
import type { GameStatus, ResultReason } from './result.ts'

/** What both clocks show. Milliseconds. */
export interface ClockReading {
  readonly whiteTimeRemaining: number
  readonly blackTimeRemaining: number
  readonly running: Color | null
}

interface Outcome {
  readonly boardFen: string
  readonly status: GameStatus
  readonly resultReason: ResultReason | null
}

type WatchNews =
  | { readonly type: 'game'; readonly game: GameSnapshot }
  | ({ readonly type: 'moved'; readonly move: MoveRecord } & Outcome & ClockReading)
  | ({ readonly type: 'drawOffered' } & DrawOffer)
  | ({ readonly type: 'clock' } & ClockReading)
  | ({ readonly type: 'ended' } & Outcome & ClockReading)

/** What a game tells: itself first, then what happens in it. */
export type GameNews = WatchNews & {
  /** Half-moves played so far: where a broken stream is taken up again. */
  readonly ply: number
}

/** Who has a game, and tells of it. */
export interface Teller {
  readonly runner: string
  /** Grows each time the game changes hands. */
  readonly epoch: number
}

/** What a spectator is told. */
export type WatchEvent = GameNews & Teller
