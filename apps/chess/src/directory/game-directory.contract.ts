import { activity, defineEntity, persisted, rpc } from '@cruster/core'
import type { GameStatus } from '../game/result.ts'

/** The only id there is. */
export const directoryId = 'global'

/** A game that can be watched. */
export interface LiveGame {
  readonly gameId: string
  readonly white: string
  readonly black: string
  readonly timeControl: string
  readonly createdAt: number
}

export type GameCounts = Readonly<Record<GameStatus, number>>

export interface Directory {
  live: Readonly<Record<string, LiveGame>>
  counts: GameCounts
}

function initial(): Directory {
  return { live: {}, counts: { Pending: 0, InProgress: 0, WhiteWins: 0, BlackWins: 0, Draw: 0, Aborted: 0 } }
}

/** Knows which games there are: entities cannot be listed, so they tell. */
export const GameDirectory = defineEntity('GameDirectory', {
  state: persisted({ initial }),
  methods: {
    gameStarted: activity<LiveGame>({ visibility: 'protected' }),
    gameEnded: activity<{ gameId: string; status: GameStatus }>({ visibility: 'protected' }),
    countByStatus: rpc<void, GameCounts>(),
    /** Newest first. */
    listLive: rpc<{ limit: number }, LiveGame[]>(),
  },
})
