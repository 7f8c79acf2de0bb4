import type { ErrorClasses } from '@cruster/core'
import { isCrusterError, isDeclaredError } from '@cruster/core'
import type { ChessGame } from '../game/chess-game.contract.ts'
import type { Matchmaking } from '../matchmaking/matchmaking.contract.ts'
import type { PlayerProfile } from '../player/player-profile.contract.ts'
import type { ErrorAnswer, ErrorCode } from './api-error.ts'
import { ApiError } from './api-error.ts'

type ErrorsOf<C extends { errors: ErrorClasses<never> | object }> = keyof C['errors']
/** Looks an error up by a name that came from elsewhere. */
type Table = Readonly<Record<string, Row>>

type Row = readonly [status: ErrorAnswer['status'], code: ErrorCode]

/** Errors that the contracts declare, as HTTP says them. A new one in a contract is a compile error here. */
const declared: Readonly<
  Record<ErrorsOf<typeof ChessGame> | ErrorsOf<typeof Matchmaking> | ErrorsOf<typeof PlayerProfile>, Row>
> = {
  NotCreated: [404, 'NOT_FOUND'],
  NotRegistered: [404, 'NOT_FOUND'],
  AlreadyCreated: [409, 'INVALID_INPUT'],
  AlreadyRegistered: [409, 'INVALID_INPUT'],
  TooLateToAbort: [409, 'INVALID_INPUT'],
  InvalidMove: [422, 'INVALID_MOVE'],
  NotInGame: [403, 'NOT_IN_GAME'],
  NotYourTurn: [409, 'NOT_YOUR_TURN'],
  GameOver: [409, 'GAME_OVER'],
  NoDrawOffer: [409, 'NO_DRAW_OFFER'],
  CannotAcceptOwnOffer: [409, 'CANNOT_ACCEPT_OWN_OFFER'],
  AlreadyInQueue: [409, 'ALREADY_IN_QUEUE'],
  NotInQueue: [409, 'NOT_IN_QUEUE'],
}

/** Errors of the runtime that a client can do something about. */
const runtime: Table = {
  VALIDATION: [400, 'INVALID_INPUT'],
  IDEMPOTENCY_CONFLICT: [409, 'IDEMPOTENCY_CONFLICT'],
  MAILBOX_FULL: [503, 'UNAVAILABLE'],
  RUNNER_UNAVAILABLE: [503, 'UNAVAILABLE'],
  SHUTTING_DOWN: [503, 'UNAVAILABLE'],
  DEADLINE_EXCEEDED: [504, 'TIMEOUT'],
}

/** Maps anything thrown to what the client is told. Texts of bugs stay here. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof ApiError) return error.answer
  const row = rowOf(error)
  if (row === undefined) return { status: 500, code: 'INTERNAL', message: 'Something went wrong on the server.' }
  const [status, code] = row
  return { status, code, message: error instanceof Error ? error.message : code }
}

function rowOf(error: unknown): Row | undefined {
  const byName: Table = declared
  if (isDeclaredError(error)) return byName[error.name]
  return isCrusterError(error) ? runtime[error.code] : undefined
}
