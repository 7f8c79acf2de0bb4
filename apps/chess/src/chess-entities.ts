import type { EntityImplementation } from '@cruster/core'
import { gameDirectory } from './directory/game-directory.ts'
import type { GameHost } from './game-host.ts'
import { chessGame } from './game/chess-game.ts'
import { leaderboard } from './leaderboard/leaderboard.ts'
import { matchmaking } from './matchmaking/matchmaking.ts'
import { playerProfile } from './player/player-profile.ts'
import { playerSession } from './player/player-session.ts'

/** Everything that a runner of this application hosts, measured by one time. */
export function chessEntities(host: GameHost): EntityImplementation[] {
  return [
    chessGame.with(host),
    matchmaking.with(host.time),
    playerSession.with(host.time),
    playerProfile,
    leaderboard,
    gameDirectory,
  ]
}
