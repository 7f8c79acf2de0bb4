import type { ActivityContext, EntityMethods, RequestId } from '@cruster/core'
import { activity, defineEntity, error, persisted, rpc, stream } from '@cruster/core'
import { Auditable } from '../audit/auditable.contract.ts'
import type { Game, GameSnapshot } from './game.ts'
import type { MoveInput } from './play-move.ts'
import type { GameStatus, ResultReason } from './result.ts'
import type { TimeControl } from './time-control.ts'
import type { WatchEvent } from './watch-event.ts'

export interface NewGame {
  /** Player ids. */
  readonly white: string
  readonly black: string
  readonly timeControl: TimeControl
  readonly origin: 'challenge' | 'matchmaking'
}

export interface MoveOutcome {
  readonly san: string
  readonly uci: string
  readonly fenAfter: string
  readonly gameOver: boolean
  readonly status: GameStatus
  readonly resultReason: ResultReason | null
}

/** An action of a player that needs no more than a name. */
export interface ByPlayer {
  readonly playerId: string
}

export interface ChessGameState {
  /** Null until the game is created. */
  game: Game | null
  /** The message that will end the game when the running time is used up. */
  timeoutId: RequestId | null
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

function initial(id: string): ChessGameState {
  if (!uuid.test(id)) throw new RangeError(`The id of a game is a UUID, not "${id}".`)
  return { game: null, timeoutId: null }
}

/** One game of chess. Its id is the game's. */
export const ChessGame = defineEntity('ChessGame', {
  state: persisted({ initial }),
  traits: [Auditable],
  maxIdleTime: '60s',
  errors: {
    NotCreated: error(),
    AlreadyCreated: error(),
    GameOver: error(),
    NotInGame: error(),
    NotYourTurn: error(),
    InvalidMove: error(),
    NoDrawOffer: error(),
    CannotAcceptOwnOffer: error(),
    TooLateToAbort: error(),
  },
  methods: {
    create: activity<NewGame, GameSnapshot>(),
    /** Each call is a move of its own, also when it looks like an earlier one. Repeat with the same idempotency key. */
    move: activity<MoveInput, MoveOutcome>(),
    offerDraw: activity<ByPlayer, GameSnapshot>(),
    acceptDraw: activity<ByPlayer, GameSnapshot>(),
    resign: activity<ByPlayer, GameSnapshot>(),
    abort: activity<ByPlayer, GameSnapshot>(),
    /** Sent by the game to itself for the moment when the running time is used up. */
    flagFall: activity({ visibility: 'protected' }),
    /** Sent when the game has been over for long: it was never there. */
    forget: activity({ visibility: 'protected' }),
    getGame: rpc<void, GameSnapshot>(),
    /** UCI. For a player: only when it is their turn. */
    legalMoves: rpc<Partial<ByPlayer>, string[]>(),
    /** The game, then what happens in it, until it ends. */
    watch: stream<void, WatchEvent>(),
  },
})

/** What an activity of a game gets. */
export type GameContext = ActivityContext<ChessGameState, EntityMethods<typeof ChessGame>>
