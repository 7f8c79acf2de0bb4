import { flagFallsAt } from './chess-clock.ts'
import type { GameContext } from './chess-game.contract.ts'
import { ChessGame } from './chess-game.contract.ts'
import type { Game } from './game.ts'

/**
 * Exchanges the message that waits for the flag: the former is cancelled, a running clock gets a new one. Both take
 * effect with the commit of the move, so there is always exactly one, and none after the game.
 */
export async function watchFlag({ id, state, request, client }: GameContext, game: Game): Promise<void> {
  const games = client(ChessGame)
  // The message that is being served is used up by that.
  if (state.timeoutId !== null && state.timeoutId !== request.id) await games.cancel(id, state.timeoutId)
  const at = flagFallsAt(game.clock)
  state.timeoutId = at === undefined ? null : (await games.schedule(id, { at }).flagFall()).id
}
