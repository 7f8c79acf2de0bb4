import type { AnyEntity, EntityClient, EntityMethods } from '@cruster/core'
import { GameDirectory, directoryId } from './directory/game-directory.contract.ts'
import { ChessGame } from './game/chess-game.contract.ts'
import { Leaderboard, leaderboardId } from './leaderboard/leaderboard.contract.ts'
import { Ranking, rankingId } from './leaderboard/ranking.contract.ts'
import { Matchmaking, matchmakingId } from './matchmaking/matchmaking.contract.ts'
import { PlayerProfile } from './player/player-profile.contract.ts'
import { PlayerSession } from './player/player-session.contract.ts'

/** Whatever hands out clients: a runner, or a test cluster. */
export interface ClientSource {
  client<C extends AnyEntity>(contract: C): EntityClient<EntityMethods<C>>
}

/** What the edge of the application talks to. */
export type ChessClients = ReturnType<typeof chessClients>

export function chessClients(source: ClientSource) {
  const games = source.client(ChessGame)
  const profiles = source.client(PlayerProfile)
  const sessions = source.client(PlayerSession)
  return {
    game: (id: string) => games.get(id),
    profile: (id: string) => profiles.get(id),
    session: (id: string) => sessions.get(id),
    matchmaking: source.client(Matchmaking).get(matchmakingId),
    leaderboard: source.client(Leaderboard).get(leaderboardId),
    ranking: source.client(Ranking).get(rankingId),
    directory: source.client(GameDirectory).get(directoryId),
  }
}
