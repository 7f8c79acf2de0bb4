import { stopClock } from './chess-clock.ts'
import type { Color } from './color.ts'
import type { Game } from './game.ts'
import type { GameStatus, ResultReason } from './result.ts'

/** The game is over: clocks stop, an open draw offer is void. */
export function endGame(game: Game, result: { status: GameStatus; reason: ResultReason }, now: number): Game {
  const { status, reason } = result
  return { ...game, status, resultReason: reason, clock: stopClock(game.clock, now), drawOffer: null }
}

export function winFor(color: Color): GameStatus {
  return color === 'white' ? 'WhiteWins' : 'BlackWins'
}
