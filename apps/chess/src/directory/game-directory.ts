import { GameDirectory } from './game-directory.contract.ts'

export const gameDirectory = GameDirectory.implement({
  gameStarted({ state }, game) {
    state.live = { ...state.live, [game.gameId]: game }
    state.counts = { ...state.counts, InProgress: state.counts.InProgress + 1 }
  },

  gameEnded({ state }, { gameId, status }) {
    const { [gameId]: ended, ...live } = state.live
    if (ended === undefined) return
    state.live = live
    state.counts = { ...state.counts, InProgress: state.counts.InProgress - 1, [status]: state.counts[status] + 1 }
  },

  countByStatus: ({ state }) => state.counts,

  listLive: ({ state }, { limit }) =>
    Object.values(state.live)
      .toSorted((a, b) => b.createdAt - a.createdAt)
      .slice(0, limit),
})
