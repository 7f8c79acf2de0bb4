import type { GameContext, GameEnd } from './chess-game.contract.ts'
import { ChessGame } from './chess-game.contract.ts'
import { watchFlag } from './flag-watch.ts'
import type { Game } from './game.ts'
import { isOver } from './game.ts'
import type { Refusal } from './refusal.ts'
import { isRefusal } from './refusal.ts'
import { tellPlayersOfChange } from './tell-others.ts'

/** Changes the game, with what must not be seen apart from it: the flag is watched anew, and its players are told. */
export async function changeGame(
  context: GameContext,
  change: (game: Game) => Game | Refusal,
): Promise<{ readonly after: Game; readonly end: GameEnd | null }> {
  const { id, state } = context
  const before = created(id, state.game)
  const after = change(before)
  if (isRefusal(after)) return thrown(after)
  state.game = after
  await watchFlag(context, after)
  await tellPlayersOfChange(context, before, after)
  return { after, end: isOver(after) && !isOver(before) ? endOf(after) : null }
}

function endOf({ gameId, white, black, status, clock }: Game): GameEnd {
  return { gameId, white, black, status, endedAt: clock.since }
}

/** @throws NotCreated when there is no game under this id. */
export function created(id: string, game: Game | null): Game {
  if (game === null) throw new ChessGame.errors.NotCreated(undefined, `There is no game ${id}.`)
  return game
}

/** Throws a refusal as the error that the contract declares for it. */
export function thrown({ refused, message }: Refusal): never {
  throw new ChessGame.errors[refused](undefined, message)
}
