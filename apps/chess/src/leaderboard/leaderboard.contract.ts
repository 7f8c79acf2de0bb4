import { activity, defineEntity, error, persisted, rpc, stream } from '@cruster/core'
import type { GameStatus } from '../game/result.ts'
import type { RankedPlayer, Standings } from './standings.ts'

/** The only id there is: one table for the whole cluster. */
export const leaderboardId = 'global'

export interface GameResult {
  readonly gameId: string
  readonly white: string
  readonly black: string
  readonly status: GameStatus
}

function initial(id: string): { standings: Standings } {
  if (id !== leaderboardId) throw new RangeError(`There is one leaderboard, "${leaderboardId}"; there is no "${id}".`)
  return { standings: {} }
}

/** Ratings of all players. */
export const Leaderboard = defineEntity('Leaderboard', {
  state: persisted({ initial }),
  errors: { GameNotRated: error() },
  methods: {
    /** Makes a player known under a name. */
    enroll: activity<{ playerId: string; username: string }>({ visibility: 'protected' }),
    /** Moves both ratings. Senders use the game's id as idempotency key: a game counts once. */
    recordGameResult: activity<GameResult>({ visibility: 'protected' }),
    /** How many games were rated, at each change. */
    ratedGames: stream<void, number>(),
    countRatedGames: rpc<void, number>(),
    /** Best first; only players who have finished a game. */
    top: rpc<{ limit: number }, RankedPlayer[]>(),
    /** A player with neighbours; empty for a stranger. */
    around: rpc<{ playerId: string; range: number }, RankedPlayer[]>(),
  },
})
