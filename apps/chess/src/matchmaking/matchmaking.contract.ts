import { activity, defineEntity, error, persisted, rpc } from '@cruster/core'
import type { Color } from '../game/color.ts'
import type { TimeControl } from '../game/time-control.ts'
import { startRating } from '../leaderboard/elo.ts'
import type { RatingRange } from './rating-range.ts'
import { anyRating } from './rating-range.ts'
import type { Waiting, WaitingList } from './waiting-list.ts'

/** The only id there is: whoever waits, waits in one place. */
export const matchmakingId = 'global'

export interface Seek {
  readonly playerId: string
  readonly timeControl: TimeControl
  readonly rating: number
  /** Of opponents. Default: any. */
  readonly accepts?: RatingRange
  /** Name for the game, should there be one: chosen outside, so that an attempt repeated makes no other game. */
  readonly gameId: string
}

export type SeekResult =
  | { readonly matched: true; readonly gameId: string; readonly color: Color; readonly opponent: string }
  | { readonly matched: false; readonly position: number }

function initial(id: string): { waiting: WaitingList } {
  if (id !== matchmakingId) throw new RangeError(`There is one queue, "${matchmakingId}"; there is no "${id}".`)
  return { waiting: [] }
}

/** Version 1 knew no ratings. */
type WaitingV1 = Omit<Waiting, 'rating' | 'accepts'>

function migrate(old: unknown): { waiting: WaitingList } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- version 1 is the only one there was
  const { waiting } = old as { readonly waiting: readonly WaitingV1[] }
  return { waiting: waiting.map((entry) => ({ ...entry, rating: startRating, accepts: anyRating })) }
}

/** Pairs players who want the same time control and suit each other. The queue is stored: it survives crashes and moves. */
export const Matchmaking = defineEntity('Matchmaking', {
  state: persisted({ initial, version: 2, migrate }),
  errors: { AlreadyInQueue: error(), NotInQueue: error() },
  methods: {
    /** A game with who waits longest, or a place in the queue. Who comes later has white. */
    join: activity<Seek, SeekResult>(),
    leave: activity<{ playerId: string }>(),
    /** Like leave, for whom it does not matter whether the player was waiting. */
    withdraw: activity<{ playerId: string }>({ visibility: 'protected' }),
    /** From 1; null for somebody who does not wait. */
    getPosition: rpc<{ playerId: string }, number | null>(),
    /** How many wait for each time control. */
    countWaiting: rpc<void, Record<string, number>>(),
  },
})
