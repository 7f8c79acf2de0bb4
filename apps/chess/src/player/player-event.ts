import type { Color } from '../game/color.ts'
import type { MoveRecord } from '../game/game.ts'
import type { GameStatus, ResultReason } from '../game/result.ts'

/** News for one player. */
export type PlayerEvent =
  | {
      readonly type: 'matchFound' | 'gameStarted'
      readonly gameId: string
      readonly color: Color
      /** Player id. */
      readonly opponent: string
      readonly timeControl: string
    }
  | { readonly type: 'opponentMoved'; readonly gameId: string; readonly move: MoveRecord }
  | { readonly type: 'yourTurn'; readonly gameId: string }
  | {
      readonly type: 'gameEnded'
      readonly gameId: string
      readonly status: GameStatus
      readonly resultReason: ResultReason | null
    }
