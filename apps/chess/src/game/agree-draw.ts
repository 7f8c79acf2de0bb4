import { endGame } from './end-game.ts'
import type { Game } from './game.ts'
import { mayAct } from './may-act.ts'
import type { Refusal } from './refusal.ts'
import { isRefusal, refuse } from './refusal.ts'

/** Offers a draw until the next move. Offering again changes nothing; offering what was offered accepts it. */
export function offerDraw(game: Game, playerId: string, now: number): Game | Refusal {
  const actor = mayAct(game, playerId, now)
  if (isRefusal(actor)) return actor
  if (game.drawOffer === null) return { ...game, drawOffer: { offeredBy: playerId, at: now } }
  return game.drawOffer.offeredBy === playerId ? game : agree(game, now)
}

export function acceptDraw(game: Game, playerId: string, now: number): Game | Refusal {
  const actor = mayAct(game, playerId, now)
  if (isRefusal(actor)) return actor
  if (game.drawOffer === null) return refuse('NoDrawOffer', 'There is no draw offer to accept.')
  if (game.drawOffer.offeredBy === playerId) {
    return refuse('CannotAcceptOwnOffer', 'A draw is for the opponent of the one who offered it to accept.')
  }
  return agree(game, now)
}

function agree(game: Game, now: number): Game {
  return endGame(game, { status: 'Draw', reason: 'DrawAgreement' }, now)
}
