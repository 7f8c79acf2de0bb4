import { Hono } from 'hono'
import type { ChessClients } from '../chess-clients.ts'
import type { ChessRuntime } from '../chess-runtime.ts'

/** /admin: what operators look at. */
export function adminRoutes(clients: ChessClients, runtime: ChessRuntime): Hono {
  const routes = new Hono()

  routes.get('/stats', async (c) => {
    const [{ runners, entities }, games, waiting] = await Promise.all([
      runtime.stats(),
      clients.directory.countByStatus(),
      clients.matchmaking.countWaiting(),
    ])
    return c.json({ runners, entities, games, waiting })
  })

  return routes
}
