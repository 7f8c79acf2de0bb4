import { Hono } from 'hono'
import type { ChessClients } from '../chess-clients.ts'
import { parse, pathId } from './read-request.ts'
import { count } from './request-schemas.ts'

/** /leaderboard: the best, and who is near a player. */
export function leaderboardRoutes({ leaderboard, ranking, profile }: ChessClients): Hono {
  const routes = new Hono()

  routes.get('/', async (c) => {
    const limit = parse(count({ default: 10, min: 1, max: 100 }), c.req.query('limit'), 'limit')
    return c.json(await ranking.top({ limit }))
  })

  routes.get('/:playerId', async (c) => {
    const playerId = pathId(c.req.param('playerId'), 'player')
    const range = parse(count({ default: 5, min: 0, max: 50 }), c.req.query('range'), 'range')
    await profile(playerId).getProfile()
    return c.json(await leaderboard.around({ playerId, range }))
  })

  return routes
}
