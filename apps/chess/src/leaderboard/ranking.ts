import { Ranking } from './ranking.contract.ts'

export const ranking = Ranking.implement({
  publish({ state }, made) {
    const { epoch, games } = state.ranking
    if (made.epoch < epoch) {
      throw new Ranking.errors.Superseded(undefined, `The ranking is made under epoch ${epoch} now, not ${made.epoch}.`)
    }
    if (made.games >= games) state.ranking = made
  },

  top: ({ state }, { limit }) => state.ranking.players.slice(0, limit),

  async untilGames({ changes }, { games }) {
    for await (const state of changes()) if (state.ranking.games >= games) return
  },
})
