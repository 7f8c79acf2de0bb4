import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** What a client can switch on. */
export type ErrorCode =
  | 'NOT_FOUND'
  | 'INVALID_INPUT'
  | 'NOT_YOUR_TURN'
  | 'NOT_IN_GAME'
  | 'INVALID_MOVE'
  | 'GAME_OVER'
  | 'NO_DRAW_OFFER'
  | 'CANNOT_ACCEPT_OWN_OFFER'
  | 'ALREADY_IN_QUEUE'
  | 'NOT_IN_QUEUE'
  | 'IDEMPOTENCY_CONFLICT'
  | 'UNAVAILABLE'
  | 'TIMEOUT'
  | 'INTERNAL'

/** The answer to a request that is not served. */
export interface ErrorAnswer {
  readonly status: ContentfulStatusCode
  readonly code: ErrorCode
  readonly message: string
}

/** Ends a request with an error answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly answer: ErrorAnswer

  constructor(status: ErrorAnswer['status'], code: ErrorCode, message: string) {
    super(message)
    this.answer = { status, code, message }
  }
}

export function errorBody({ code, message }: ErrorAnswer): { error: { code: ErrorCode; message: string } } {
  return { error: { code, message } }
}
