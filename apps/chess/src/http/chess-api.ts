import type { Context } from 'hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ChessClients } from '../chess-clients.ts'
import type { ChessRuntime } from '../chess-runtime.ts'
import { adminRoutes } from './admin-routes.ts'
import { ApiError, errorBody } from './api-error.ts'
import { errorAnswer } from './error-answer.ts'
import { gameRoutes } from './game-routes.ts'
import { leaderboardRoutes } from './leaderboard-routes.ts'
import { measure } from './measure.ts'
import { playerRoutes } from './player-routes.ts'
import type { StaticFiles } from './static-files.ts'

/** Far more than any request of this API needs. */
const largestBody = 16 * 1024

export interface ChessApiParts {
  /** Of the process that answers. */
  readonly name: string
  readonly clients: ChessClients
  readonly runtime: ChessRuntime
  readonly files: StaticFiles
  /** Told of every error that is our fault. */
  readonly onDefect: (error: unknown, request: string) => void
}

/** Everything that is served over HTTP once the application is ready. */
export function chessApi({ name, clients, runtime, files, onDefect }: ChessApiParts): Hono {
  const api = new Hono()
  api.use(measure(runtime.metrics))
  api.use(async (c, next) => {
    await next()
    c.header('x-content-type-options', 'nosniff')
    c.header('x-runner', name)
  })
  api.use('/api/*', bodyLimit({ maxSize: largestBody, onError: tooLarge }))
  api.route('/api/v1/players', playerRoutes(clients))
  api.route('/api/v1/games', gameRoutes(clients))
  api.route('/api/v1/leaderboard', leaderboardRoutes(clients))
  api.route('/api/v1/admin', adminRoutes(clients, runtime))
  api.get('/metrics', (c) => c.body(runtime.renderMetrics(), 200, { 'content-type': 'text/plain; version=0.0.4' }))
  api.get('*', async (c, next) => files.serve(c) ?? next())
  api.notFound((c) => answer(c, new ApiError(404, 'NOT_FOUND', `There is no ${c.req.method} ${c.req.path}.`)))
  api.onError((error, c) => {
    if (errorAnswer(error).status >= 500) onDefect(error, `${c.req.method} ${c.req.path}`)
    return answer(c, error)
  })
  return api
}

function tooLarge(c: Context): Response {
  return answer(c, new ApiError(413, 'INVALID_INPUT', `The body is larger than ${largestBody} bytes.`))
}

function answer(c: Context, error: unknown): Response {
  const given = errorAnswer(error)
  return c.json(errorBody(given), given.status)
}
