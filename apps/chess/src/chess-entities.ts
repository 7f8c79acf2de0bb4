import type { Registrable } from '@cruster/sharding'
import { gameDirectory } from './directory/game-directory.ts'
import { chessGame } from './game/chess-game.ts'
import type { ChessHost } from './game-host.ts'
import { leaderboard } from './leaderboard/leaderboard.ts'
import { rankingKeeper } from './leaderboard/ranking-keeper.ts'
import { ranking } from './leaderboard/ranking.ts'
import { matchmaking } from './matchmaking/matchmaking.ts'
import { playerProfile } from './player/player-profile.ts'
import { playerSession } from './player/player-session.ts'
import { finishedGames } from './retention/finished-games.ts'
import { gameRetention } from './retention/game-retention.ts'

/** Everything that a runner of this application hosts, measured by one time. */
export function chessEntities(host: ChessHost): Registrable[] {
  return [
    chessGame.with(host),
    matchmaking.with(host.time),
    playerSession.with(host.time),
    playerProfile,
    leaderboard,
    ranking,
    rankingKeeper,
    gameDirectory,
    finishedGames,
    gameRetention(host.retentionDays),
  ]
}
