import { hasFlagFallen } from './chess-clock.ts'
import { opposite } from './color.ts'
import { endGame, winFor } from './end-game.ts'
import type { Game } from './game.ts'
import { mayAct } from './may-act.ts'
import type { Refusal } from './refusal.ts'
import { isRefusal, refuse } from './refusal.ts'

/** Ways for a game to end that are not moves. */

export function resign(game: Game, playerId: string, now: number): Game | Refusal {
  const actor = mayAct(game, playerId, now)
  if (isRefusal(actor)) return actor
  return endGame(game, { status: winFor(opposite(actor.color)), reason: 'Resignation' }, now)
}

/** Calls the game off while not both sides have moved. It counts for nobody. */
export function abort(game: Game, playerId: string, now: number): Game | Refusal {
  const actor = mayAct(game, playerId, now)
  if (isRefusal(actor)) return actor
  if (game.moves.length >= 2) return refuse('TooLateToAbort', 'Both sides have moved: resign or offer a draw instead.')
  return endGame(game, { status: 'Aborted', reason: 'Aborted' }, now)
}

/** Ends the game if the running clock is used up; otherwise the same game, so an early or doubled call does no harm. */
export function fallFlag(game: Game, now: number): Game {
  const { running } = game.clock
  if (running === null || !hasFlagFallen(game.clock, now)) return game
  return endGame(game, { status: winFor(opposite(running)), reason: 'Timeout' }, now)
}
