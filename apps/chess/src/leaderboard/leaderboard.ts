import type { GameResult } from './leaderboard.contract.ts'
import { Leaderboard } from './leaderboard.contract.ts'
import { PlayerProfile } from '../player/player-profile.contract.ts'
import type { RatedGame } from './standings.ts'
import { enroll, playersAround, ratedGames, ratingOf, recordGame, topPlayers } from './standings.ts'

export const leaderboard = Leaderboard.implement({
  enroll({ state }, { playerId, username }) {
    state.standings = enroll(state.standings, playerId, username)
  },

  async recordGameResult({ state, client }, result) {
    if (!isRated(result)) {
      throw new Leaderboard.errors.GameNotRated(
        undefined,
        `Game ${result.gameId} has no result to rate: ${result.status}.`,
      )
    }
    const standings = recordGame(state.standings, result)
    state.standings = standings
    // In the same commit: whoever sees the players free again sees their new ratings too.
    for (const playerId of [result.white, result.black]) {
      const { rating } = ratingOf(standings, playerId)
      await client(PlayerProfile).notify(playerId).gameFinished({ gameId: result.gameId, rating })
    }
  },

  async *ratedGames({ changes }) {
    for await (const { standings } of changes()) yield ratedGames(standings)
  },

  countRatedGames: ({ state }) => ratedGames(state.standings),

  top: ({ state }, { limit }) => topPlayers(state.standings, limit),
  around: ({ state }, { playerId, range }) => playersAround(state.standings, playerId, range),
})

function isRated(result: GameResult): result is GameResult & RatedGame {
  return result.status === 'WhiteWins' || result.status === 'BlackWins' || result.status === 'Draw'
}
