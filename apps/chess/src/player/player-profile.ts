import { startRating } from '../leaderboard/elo.ts'
import { Leaderboard, leaderboardId } from '../leaderboard/leaderboard.contract.ts'
import type { Profile } from './player-profile.contract.ts'
import { PlayerProfile } from './player-profile.contract.ts'

export const playerProfile = PlayerProfile.implement({
  async register({ id, state, client }, { username }) {
    if (state.profile !== null) {
      throw new PlayerProfile.errors.AlreadyRegistered(undefined, `Player ${id} is registered already.`)
    }
    const profile: Profile = { username, rating: startRating, gameIds: [] }
    state.profile = profile
    await client(Leaderboard).notify(leaderboardId).enroll({ playerId: id, username })
    return profile
  },

  getProfile: ({ id, state }) => registered(id, state.profile),

  gameStarted({ id, state }, { gameId }) {
    const profile = registered(id, state.profile)
    state.profile = { ...profile, gameIds: [...profile.gameIds, gameId] }
  },

  gameFinished({ id, state }, { gameId, rating }) {
    const profile = registered(id, state.profile)
    const gameIds = profile.gameIds.filter((other) => other !== gameId)
    state.profile = { ...profile, gameIds, rating: rating ?? profile.rating }
  },

  async untilInGame({ changes }, { gameId }) {
    for await (const { profile } of changes()) if (profile?.gameIds.includes(gameId) === true) return
  },

  async untilOutOfGame({ changes }, { gameId }) {
    for await (const { profile } of changes()) if (profile?.gameIds.includes(gameId) !== true) return
  },
})

function registered(id: string, profile: Profile | null): Profile {
  if (profile === null) throw new PlayerProfile.errors.NotRegistered(undefined, `There is no player ${id}.`)
  return profile
}
