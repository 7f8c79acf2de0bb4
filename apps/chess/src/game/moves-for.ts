import type { Game } from './game.ts'
import { isOver } from './game.ts'
import { mayAct } from './may-act.ts'
import type { Refusal } from './refusal.ts'
import { isRefusal, refuse } from './refusal.ts'
import { legalMoves, sideToMove } from './rules.ts'

/** The legal moves of the position, in UCI; for a player only when it is their turn. */
export function movesFor(game: Game, playerId: string | undefined, now: number): string[] | Refusal {
  if (playerId === undefined) return isOver(game) ? [] : legalMoves(game.boardFen)
  const actor = mayAct(game, playerId, now)
  if (isRefusal(actor)) return actor
  if (actor.color === sideToMove(game.boardFen)) return legalMoves(game.boardFen)
  return refuse('NotYourTurn', `It is not ${actor.color}'s turn.`)
}
