import type { EntityImplementation } from '@cruster/core'
import type { ChessTime } from './chess-time.ts'
import { gameDirectory } from './directory/game-directory.ts'
import { chessGame } from './game/chess-game.ts'
import { leaderboard } from './leaderboard/leaderboard.ts'
import { matchmaking } from './matchmaking/matchmaking.ts'
import { playerProfile } from './player/player-profile.ts'
import { playerSession } from './player/player-session.ts'

/** Everything that a runner of this application hosts, measured by one time. */
export function chessEntities(time: ChessTime): EntityImplementation[] {
  return [
    chessGame.with(time),
    matchmaking.with(time),
    playerSession.with(time),
    playerProfile,
    leaderboard,
    gameDirectory,
  ]
}
