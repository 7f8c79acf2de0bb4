import type { ChessClock } from './chess-clock.ts'
import { remaining, startClock } from './chess-clock.ts'
import type { Color } from './color.ts'
import type { PositionCounts } from './position-counts.ts'
import { countPosition } from './position-counts.ts'
import type { GameStatus, ResultReason } from './result.ts'
import { startingFen } from './rules.ts'
import { formatTimeControl } from './time-control.ts'
import type { TimeControl } from './time-control.ts'

/** One half-move as it was played. Times in milliseconds. */
export interface MoveRecord {
  /** Counts full moves from 1: the same for white's and black's half. */
  readonly moveNumber: number
  readonly color: Color
  readonly san: string
  readonly uci: string
  readonly fenAfter: string
  readonly timestamp: number
  readonly timeTaken: number
}

export interface DrawOffer {
  /** Player id. */
  readonly offeredBy: string
  readonly at: number
}

/** What everybody may know about a game. */
interface GameFacts {
  readonly gameId: string
  /** Player ids. */
  readonly white: string
  readonly black: string
  readonly boardFen: string
  readonly moves: readonly MoveRecord[]
  readonly status: GameStatus
  readonly resultReason: ResultReason | null
  readonly lastMoveAt: number | null
  readonly createdAt: number
  readonly drawOffer: DrawOffer | null
}

/** A game of chess, with everything needed to decide what may happen next. A value: each change makes another. */
export interface Game extends GameFacts {
  readonly timeControl: TimeControl
  readonly clock: ChessClock
  readonly positions: PositionCounts
}

/** A game as seen at one moment: the running clock is read. */
export interface GameSnapshot extends GameFacts {
  readonly timeControl: string
  readonly whiteTimeRemaining: number
  readonly blackTimeRemaining: number
  /** Whose clock runs; null once the game is over. */
  readonly running: Color | null
}

export interface GameOptions {
  readonly gameId: string
  readonly white: string
  readonly black: string
  readonly timeControl: TimeControl
}

export function startGame(options: GameOptions, now: number): Game {
  return {
    ...options,
    boardFen: startingFen,
    moves: [],
    status: 'InProgress',
    resultReason: null,
    clock: startClock(options.timeControl, now),
    lastMoveAt: null,
    createdAt: now,
    drawOffer: null,
    positions: countPosition({}, startingFen),
  }
}

export function isOver(game: Pick<Game, 'status'>): boolean {
  return game.status !== 'Pending' && game.status !== 'InProgress'
}

/** The side a player has; undefined for a stranger. */
export function colorOf(game: Pick<Game, 'white' | 'black'>, playerId: string): Color | undefined {
  if (playerId === game.white) return 'white'
  return playerId === game.black ? 'black' : undefined
}

export function snapshotOf(game: Game, now: number): GameSnapshot {
  const { clock, positions: _, timeControl, ...facts } = game
  return {
    ...facts,
    timeControl: formatTimeControl(timeControl),
    whiteTimeRemaining: remaining(clock, 'white', now),
    blackTimeRemaining: remaining(clock, 'black', now),
    running: clock.running,
  }
}
