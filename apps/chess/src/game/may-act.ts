import { hasFlagFallen } from './chess-clock.ts'
import type { Color } from './color.ts'
import type { Game } from './game.ts'
import { colorOf, isOver } from './game.ts'
import type { Refusal } from './refusal.ts'
import { refuse } from './refusal.ts'

/** The colour of a player who may still do something in this game, or why not. */
export function mayAct(game: Game, playerId: string, now: number): { readonly color: Color } | Refusal {
  if (isOver(game)) return refuse('GameOver', `Game ${game.gameId} is over: ${game.status} by ${game.resultReason}.`)
  const color = colorOf(game, playerId)
  if (color === undefined) return refuse('NotInGame', `Player ${playerId} does not play in game ${game.gameId}.`)
  // Its message may still be on its way; nobody gains a move from that.
  if (hasFlagFallen(game.clock, now)) {
    return refuse('GameOver', `Game ${game.gameId} is over: the time of ${game.clock.running} has run out.`)
  }
  return { color }
}
