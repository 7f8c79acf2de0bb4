import { activity, defineEntity, error, persisted, rpc } from '@cruster/core'
import type { RankedPlayer } from './standings.ts'

/** The only id there is. */
export const rankingId = 'global'

/** How many players are ranked. */
export const rankedPlayers = 100

/** A ranking as somebody made it. */
export interface MadeRanking {
  /** Under which ownership it was made: larger at each later maker. */
  readonly epoch: number
  /** How many rated games it counts. */
  readonly games: number
  /** Best first. */
  readonly players: readonly RankedPlayer[]
}

const initial = (): { ranking: MadeRanking } => ({ ranking: { epoch: 0, games: 0, players: [] } })

/** The best players, ready to be read: ratings are kept elsewhere, and a singleton brings each new order here. */
export const Ranking = defineEntity('Ranking', {
  state: persisted({ initial }),
  errors: { Superseded: error() },
  methods: {
    /** Refuses who has been superseded: its calls may come late. */
    publish: activity<MadeRanking>(),
    top: rpc<{ limit: number }, readonly RankedPlayer[]>(),
    /** Returns once so many games are counted. */
    untilGames: rpc<{ games: number }>(),
  },
})
