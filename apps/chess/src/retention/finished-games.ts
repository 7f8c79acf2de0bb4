import { ChessGame } from '../game/chess-game.contract.ts'
import { FinishedGames } from './finished-games.contract.ts'

export const finishedGames = FinishedGames.implement({
  add({ state }, { gameId }) {
    state.gameIds = [...state.gameIds, gameId]
  },

  count: ({ state }) => state.gameIds.length,

  async forget({ state, client }) {
    const { gameIds } = state
    // Stored with the list being emptied: all are told, once.
    for (const gameId of gameIds) await client(ChessGame).notify(gameId).forget()
    state.gameIds = []
    return gameIds.length
  },
})
