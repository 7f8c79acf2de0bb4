import { activity, defineEntity, error, persisted, rpc } from '@cruster/core'

/** What must survive of a player. */
export interface Profile {
  readonly username: string
  /** As of the last rated game. */
  readonly rating: number
  /** Games in progress, the latest last. */
  readonly gameIds: readonly string[]
}

/** The durable half of a player; the other half is PlayerSession. The id is the player's. */
export const PlayerProfile = defineEntity('PlayerProfile', {
  state: persisted({ initial: () => ({ profile: null as Profile | null }) }),
  errors: { NotRegistered: error(), AlreadyRegistered: error() },
  methods: {
    register: activity<{ username: string }, Profile>(),
    getProfile: rpc<void, Profile>(),
    gameStarted: activity<{ gameId: string }>({ visibility: 'protected' }),
    /** `rating` is missing when the game was not rated. */
    gameFinished: activity<{ gameId: string; rating?: number }>({ visibility: 'protected' }),
    /** Returns once the player is in the game: what was started elsewhere can be seen here. */
    untilInGame: rpc<{ gameId: string }>(),
    /** Returns once the player is out of the game and its rating is counted. */
    untilOutOfGame: rpc<{ gameId: string }>(),
  },
})
