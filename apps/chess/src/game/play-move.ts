import { elapsed, pressClock } from './chess-clock.ts'
import type { Color } from './color.ts'
import { endGame, winFor } from './end-game.ts'
import type { Game, MoveRecord } from './game.ts'
import { mayAct } from './may-act.ts'
import { countPosition, occurrences } from './position-counts.ts'
import type { Refusal } from './refusal.ts'
import { isRefusal, refuse } from './refusal.ts'
import type { ResultReason } from './result.ts'
import type { LegalMove } from './rules.ts'
import { playUci, sideToMove } from './rules.ts'

export interface MoveInput {
  readonly playerId: string
  /** UCI. */
  readonly move: string
}

/** Plays a move, or says why not. Three times the same position, fifty moves and bare kings draw at once. */
export function playMove(game: Game, { playerId, move }: MoveInput, now: number): Game | Refusal {
  const actor = mayAct(game, playerId, now)
  if (isRefusal(actor)) return actor
  const { color } = actor
  if (color !== sideToMove(game.boardFen)) return refuse('NotYourTurn', `It is not ${color}'s turn.`)
  const played = playUci(game.boardFen, move)
  if (played === undefined) return refuse('InvalidMove', `${move} is not a legal move in ${game.boardFen}.`)

  const next: Game = {
    ...game,
    boardFen: played.fenAfter,
    moves: [...game.moves, record(game, color, { played, now })],
    clock: pressClock(game.clock, game.timeControl, now),
    lastMoveAt: now,
    drawOffer: null,
    positions: countPosition(game.positions, played.fenAfter),
  }
  const reason = endAfter(next, played)
  if (reason === undefined) return next
  return endGame(next, { status: reason === 'Checkmate' ? winFor(color) : 'Draw', reason }, now)
}

function record(game: Game, color: Color, { played, now }: { played: LegalMove; now: number }): MoveRecord {
  const { san, uci, fenAfter } = played
  const moveNumber = Math.floor(game.moves.length / 2) + 1
  return { moveNumber, color, san, uci, fenAfter, timestamp: now, timeTaken: elapsed(game.clock, now) }
}

function endAfter(next: Game, played: LegalMove): ResultReason | undefined {
  if (played.end !== undefined) return played.end
  return occurrences(next.positions, next.boardFen) >= 3 ? 'ThreefoldRepetition' : undefined
}

/** The latest move of a game that has one. */
export function lastMove(game: Game): MoveRecord {
  const move = game.moves.at(-1)
  if (move === undefined) throw new RangeError(`Game ${game.gameId} has no move.`)
  return move
}
