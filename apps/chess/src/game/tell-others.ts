import { GameDirectory, directoryId } from '../directory/game-directory.contract.ts'
import { Leaderboard, leaderboardId } from '../leaderboard/leaderboard.contract.ts'
import { Matchmaking, matchmakingId } from '../matchmaking/matchmaking.contract.ts'
import type { PlayerEvent } from '../player/player-event.ts'
import { PlayerProfile } from '../player/player-profile.contract.ts'
import { PlayerSession } from '../player/player-session.contract.ts'
import { FinishedGames, dayOf } from '../retention/finished-games.contract.ts'
import type { CommandContext, GameContext, GameEnd, NewGame } from './chess-game.contract.ts'
import type { Color } from './color.ts'
import { opposite } from './color.ts'
import type { Game, GameSnapshot } from './game.ts'
import { isOver, snapshotOf } from './game.ts'

/**
 * What others must learn about a game. News of its players are stored in the commit that changes the game, so they come in
 * its order. All that follows beyond is told by the workflow of the command, step by step: nobody is told of what did not
 * happen, and nobody is left out by a crash.
 */

type Sender = Pick<GameContext, 'client'>
type Durable = Pick<CommandContext, 'client'>

const colors = ['white', 'black'] as const

export async function tellPlayersOfStart({ client }: Sender, game: Game, origin: NewGame['origin']): Promise<void> {
  const { gameId, createdAt } = game
  const { timeControl } = snapshotOf(game, createdAt)
  for (const color of colors) {
    const facts = { gameId, color, opponent: game[opposite(color)], timeControl }
    const events: PlayerEvent[] = [{ type: 'gameStarted', ...facts }]
    if (origin === 'matchmaking') events.unshift({ type: 'matchFound', ...facts })
    if (color === 'white') events.push({ type: 'yourTurn', gameId })
    await client(PlayerSession).notify(game[color]).deliver(events)
  }
}

/** Everybody but the players. */
export async function tellOfStart({ client }: Durable, game: GameSnapshot, origin: NewGame['origin']): Promise<void> {
  const { gameId, white, black, timeControl, createdAt } = game
  for (const playerId of [white, black]) await client(PlayerProfile).notify(playerId).gameStarted({ gameId })
  await client(GameDirectory).notify(directoryId).gameStarted({ gameId, white, black, timeControl, createdAt })
  // Who plays does not wait any more. Those whom the queue has paired left it by that.
  if (origin === 'matchmaking') return
  for (const playerId of [white, black]) await client(Matchmaking).notify(matchmakingId).withdraw({ playerId })
}

/** Tells the players of a move, an end, or both, whatever lies between the two states of the game. */
export async function tellPlayersOfChange(sender: Sender, before: Game, after: Game): Promise<void> {
  const hasEnded = isOver(after) && !isOver(before)
  for (const color of colors) {
    const events = [...eventsOfMove(before, after, color), ...(hasEnded ? [eventOfEnd(after)] : [])]
    if (events.length > 0) await sender.client(PlayerSession).notify(after[color]).deliver(events)
  }
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
export async function tellOfEnd({ client }: Durable, end: GameEnd): Promise<void> {
  const { gameId, white, black, status, endedAt } = end
  await client(GameDirectory).notify(directoryId).gameEnded({ gameId, status })
  await client(FinishedGames).notify(dayOf(endedAt)).add({ gameId })
  if (status === 'Aborted') {
    for (const playerId of [white, black]) await client(PlayerProfile).notify(playerId).gameFinished({ gameId })
    return
  }
  const result = { gameId, white, black, status }
  await client(Leaderboard).notify(leaderboardId).recordGameResult(result, { idempotencyKey: gameId })
}
