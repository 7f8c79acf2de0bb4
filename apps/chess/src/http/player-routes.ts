import { Hono } from 'hono'
import type { ChessClients } from '../chess-clients.ts'
import { playerStatus } from '../player/player-status.ts'
import { ApiError } from './api-error.ts'
import { pathId, readBody } from './read-request.ts'
import { repeatable } from './repeatable.ts'
import { newPlayer, seek } from './request-schemas.ts'
import { untilStarted } from './see-effects.ts'

/** /players: who they are, and the queue they wait in. */
export function playerRoutes(clients: ChessClients): Hono {
  const routes = new Hono()

  routes.post('/', async (c) => {
    const { username } = await readBody(c, newPlayer)
    const { newId, options } = repeatable(c)
    const playerId = newId('player')
    await clients.profile(playerId).register({ username }, options)
    await clients.session(playerId).touch()
    return c.json({ playerId, username, status: 'Online' }, 201)
  })

  routes.get('/:id', async (c) => c.json(await describe(clients, pathId(c.req.param('id'), 'player'))))

  routes.post('/:id/queue', async (c) => {
    const playerId = pathId(c.req.param('id'), 'player')
    const { newId, options } = repeatable(c)
    const { timeControl, minRating: min, maxRating: max } = await readBody(c, seek)
    const { gameIds, rating } = await clients.profile(playerId).getProfile()
    const gameId = newId('game')
    // A repetition finds the player in the game that the first one made.
    if (gameIds.length > 0 && !gameIds.includes(gameId)) {
      throw new ApiError(409, 'INVALID_INPUT', `Player ${playerId} is playing game ${gameIds.at(-1)}: finish it first.`)
    }
    await clients.session(playerId).touch()
    const wanted = { playerId, timeControl, rating, accepts: { min, max }, gameId }
    const result = await clients.matchmaking.join(wanted, options)
    if (result.matched) await untilStarted(clients, { gameId: result.gameId, players: [playerId, result.opponent] })
    return c.json(result)
  })

  routes.delete('/:id/queue', async (c) => {
    const playerId = pathId(c.req.param('id'), 'player')
    await clients.profile(playerId).getProfile()
    await clients.matchmaking.leave({ playerId }, repeatable(c).options)
    return c.body(null, 204)
  })

  return routes
}

async function describe(clients: ChessClients, playerId: string) {
  const [{ username, rating, gameIds }, presence, position] = await Promise.all([
    clients.profile(playerId).getProfile(),
    clients.session(playerId).getPresence(),
    clients.matchmaking.getPosition({ playerId }),
  ])
  const status = playerStatus({ isInGame: gameIds.length > 0, isInQueue: position !== null, presence })
  return { playerId, username, status, currentGameId: gameIds.at(-1) ?? null, rating }
}
