import type { ActivityContext, EntityMethods, RequestId, WorkflowMethodContext } from '@cruster/core'
import { activity, defineEntity, error, persisted, rpc, stream } from '@cruster/core'
import { workflow } from '@cruster/workflow'
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

/** What a player can do to a game by name alone. */
export type PlayerAction = 'offerDraw' | 'acceptDraw' | 'resign' | 'abort'

/** The end of a game, as others must learn of it. */
export interface GameEnd {
  readonly gameId: string
  readonly white: string
  readonly black: string
  readonly status: GameStatus
  readonly endedAt: number
}

/** One change of a game. */
export interface Step<Result> {
  readonly result: Result
  /** Set by the change that ended the game. */
  readonly end: GameEnd | null
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

/** Only the workflows of the game itself call it. */
const step = { visibility: 'private' } as const

/** How long the outcome of a command is kept for those who repeat it. */
const kept = { retention: '24 hours' } as const

/**
 * One game of chess. Its id is the game's.
 *
 * Commands are workflows: an activity changes the game, with the clock and the players' news in the same commit, and then others
 * are told what follows from it, however often a process dies on the way.
 */
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
    create: workflow<NewGame, GameSnapshot>(kept),
    /** Each call is a move of its own, also when it looks like an earlier one. Repeat with the same idempotency key. */
    move: workflow<MoveInput, MoveOutcome>(kept),
    offerDraw: workflow<ByPlayer, GameSnapshot>(kept),
    acceptDraw: workflow<ByPlayer, GameSnapshot>(kept),
    resign: workflow<ByPlayer, GameSnapshot>(kept),
    abort: workflow<ByPlayer, GameSnapshot>(kept),
    /** Sent by the game to itself for the moment when the running time is used up. */
    flagFall: workflow({ ...kept, visibility: 'protected' }),
    begin: activity<NewGame, GameSnapshot>(step),
    play: activity<MoveInput, Step<MoveOutcome>>(step),
    act: activity<ByPlayer & { readonly action: PlayerAction }, Step<GameSnapshot>>(step),
    endOnTime: activity<void, Step<null>>(step),
    /** Sent when the game has been over for long: it was never there. */
    forget: activity({ visibility: 'protected' }),
    getGame: rpc<void, GameSnapshot>(),
    /** UCI. For a player: only when it is their turn. */
    legalMoves: rpc<Partial<ByPlayer>, string[]>(),
    /** The game, then what happens in it, until it ends. */
    watch: stream<void, WatchEvent>(),
  },
})

/** What a command of a game gets. */
export type CommandContext = WorkflowMethodContext<ChessGameState, EntityMethods<typeof ChessGame>>

/** What an activity of a game gets. */
export type GameContext = ActivityContext<ChessGameState, EntityMethods<typeof ChessGame>>
