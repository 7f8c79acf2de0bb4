import type { GameContext } from './chess-game.contract.ts'
import { ChessGame } from './chess-game.contract.ts'
import { watchFlag } from './flag-watch.ts'
import type { Game } from './game.ts'
import type { Refusal } from './refusal.ts'
import { isRefusal } from './refusal.ts'
import { tellOfChange } from './tell-others.ts'

/** Changes the game, with all that follows from it: the flag is watched anew, and others are told. */
export async function changeGame(context: GameContext, change: (game: Game) => Game | Refusal): Promise<Game> {
  const { id, state } = context
  const before = created(id, state.game)
  const after = change(before)
  if (isRefusal(after)) return thrown(after)
  state.game = after
  await watchFlag(context, after)
  await tellOfChange(context, before, after)
  return after
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
