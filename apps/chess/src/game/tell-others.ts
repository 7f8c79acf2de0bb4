import { GameDirectory, directoryId } from '../directory/game-directory.contract.ts'
import { Leaderboard, leaderboardId } from '../leaderboard/leaderboard.contract.ts'
import { Matchmaking, matchmakingId } from '../matchmaking/matchmaking.contract.ts'
import type { PlayerEvent } from '../player/player-event.ts'
import { PlayerProfile } from '../player/player-profile.contract.ts'
import { PlayerSession } from '../player/player-session.contract.ts'
import { FinishedGames, dayOf } from '../retention/finished-games.contract.ts'
import type { GameContext, NewGame } from './chess-game.contract.ts'
import type { Color } from './color.ts'
import { opposite } from './color.ts'
import type { Game } from './game.ts'
import { isOver, snapshotOf } from './game.ts'

/**
 * What other entities must learn about a game. Every message is stored in the commit of the activity that sends it, so
 * nobody is told of what did not happen, and nobody is left out by a crash.
 */

type Sender = Pick<GameContext, 'client'>

const colors = ['white', 'black'] as const

export async function tellOfStart({ client }: Sender, game: Game, origin: NewGame['origin']): Promise<void> {
  const { gameId, white, black, createdAt } = game
  const { timeControl } = snapshotOf(game, createdAt)
  await client(GameDirectory).notify(directoryId).gameStarted({ gameId, white, black, timeControl, createdAt })
  for (const color of colors) {
    await client(PlayerProfile).notify(game[color]).gameStarted({ gameId })
    const facts = { gameId, color, opponent: game[opposite(color)], timeControl }
    const events: PlayerEvent[] = [{ type: 'gameStarted', ...facts }]
    if (origin === 'matchmaking') events.unshift({ type: 'matchFound', ...facts })
    if (color === 'white') events.push({ type: 'yourTurn', gameId })
    await client(PlayerSession).notify(game[color]).deliver(events)
    // Who plays does not wait any more. Those whom the queue has paired left it by that.
    if (origin === 'challenge') await client(Matchmaking).notify(matchmakingId).withdraw({ playerId: game[color] })
  }
}

/** Tells of a move, an end, or both, whatever lies between the two states of the game. */
export async function tellOfChange(sender: Sender, before: Game, after: Game): Promise<void> {
  const hasEnded = isOver(after) && !isOver(before)
  for (const color of colors) {
    const events = [...eventsOfMove(before, after, color), ...(hasEnded ? [eventOfEnd(after)] : [])]
    if (events.length > 0) await sender.client(PlayerSession).notify(after[color]).deliver(events)
  }
  if (hasEnded) await tellOfResult(sender, after)
}

function eventsOfMove(before: Game, after: Game, color: Color): PlayerEvent[] {
  const move = after.moves.at(-1)
  if (after.moves.length === before.moves.length || move === undefined || move.color === color) return []
  const { gameId } = after
  const moved: PlayerEvent = { type: 'opponentMoved', gameId, move }
  return isOver(after) ? [moved] : [moved, { type: 'yourTurn', gameId }]
}

function eventOfEnd({ gameId, status, resultReason }: Game): PlayerEvent {
  return { type: 'gameEnded', gameId, status, resultReason }
}

/** The leaderboard rates the game and then lets the players go. A game that was called off is not for it. */
async function tellOfResult({ client }: Sender, { gameId, white, black, status, clock }: Game): Promise<void> {
  await client(FinishedGames).notify(dayOf(clock.since)).add({ gameId })
  await client(GameDirectory).notify(directoryId).gameEnded({ gameId, status })
  if (status === 'Aborted') {
    for (const playerId of [white, black]) await client(PlayerProfile).notify(playerId).gameFinished({ gameId })
    return
  }
  const result = { gameId, white, black, status }
  await client(Leaderboard).notify(leaderboardId).recordGameResult(result, { idempotencyKey: gameId })
}
