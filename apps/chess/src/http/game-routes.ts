import type { Context } from 'hono'
import { Hono } from 'hono'
import type { ChessClients } from '../chess-clients.ts'
import type { GameSnapshot } from '../game/game.ts'
import { isOver } from '../game/game.ts'
import { auditJson, gameJson } from './game-json.ts'
import { parse, pathId, readBody } from './read-request.ts'
import { repeatable } from './repeatable.ts'
import { byPlayer, count, newGame, newMove, uuid } from './request-schemas.ts'
import { untilFinished, untilStarted } from './see-effects.ts'

/** What a player can do to a game by name alone. */
const actions = {
  '/draw/offer': 'offerDraw',
  '/draw/accept': 'acceptDraw',
  '/resign': 'resign',
  '/abort': 'abort',
} as const

/** Commands go on when nobody waits for them any more. */
const patience = { timeout: '30s' } as const

/** /games: create, look, move, end. */
export function gameRoutes(clients: ChessClients): Hono {
  const routes = new Hono()
  const gameOf = (c: Context) => clients.game(pathId(c.req.param('id') ?? '', 'game'))

  routes.post('/', async (c) => {
    const { white, black, timeControl } = await readBody(c, newGame)
    await Promise.all([white, black].map((id) => clients.profile(id).getProfile()))
    const { newId, options } = repeatable(c)
    const gameId = newId('game')
    const wanted = { white, black, timeControl, origin: 'challenge' } as const
    const game = await clients.game(gameId).create(wanted, { ...patience, ...options })
    await untilStarted(clients, { gameId, players: [white, black] })
    return c.json(gameJson(game), 201)
  })

  routes.get('/', async (c) => {
    const limit = parse(count({ default: 20, min: 1, max: 100 }), c.req.query('limit'), 'limit')
    return c.json(await liveGames(clients, limit))
  })

  routes.get('/:id', async (c) => c.json(gameJson(await gameOf(c).getGame())))

  routes.get('/:id/legal-moves', async (c) => {
    const playerId = parse(uuid.optional(), c.req.query('player'), 'player')
    return c.json(await gameOf(c).legalMoves(playerId === undefined ? {} : { playerId }))
  })

  routes.post('/:id/moves', async (c) => {
    const game = gameOf(c)
    const move = await readBody(c, newMove)
    const outcome = await game.move(move, { ...patience, ...repeatable(c).options })
    if (outcome.gameOver) await finish(clients, await game.getGame())
    return c.json(outcome)
  })

  for (const [path, action] of Object.entries(actions)) {
    routes.post(`/:id${path}`, async (c) => {
      const game = gameOf(c)
      const snapshot = await game[action](await readBody(c, byPlayer), { ...patience, ...repeatable(c).options })
      await finish(clients, snapshot)
      return c.json(gameJson(snapshot))
    })
  }

  routes.get('/:id/audit-log', async (c) => {
    const game = gameOf(c)
    const limit = parse(count({ default: 50, min: 1, max: 100 }), c.req.query('limit'), 'limit')
    const [entries] = await Promise.all([game.getAuditLog({ limit }), game.getGame()])
    return c.json(entries.map(auditJson))
  })

  return routes
}

async function finish(clients: ChessClients, game: GameSnapshot): Promise<void> {
  const { gameId, white, black } = game
  if (isOver(game)) await untilFinished(clients, { gameId, players: [white, black] })
}

/** Games that can be watched now, with the names that a lobby shows. */
async function liveGames({ directory, profile }: ChessClients, limit: number) {
  const games = await directory.listLive({ limit })
  const nameOf = async (playerId: string): Promise<string> => (await profile(playerId).getProfile()).username
  const named = games.map(async ({ gameId, white, black, timeControl }) => {
    const [whiteName, blackName] = await Promise.all([nameOf(white), nameOf(black)])
    return { gameId, white, black, whiteName, blackName, timeControl }
  })
  return Promise.all(named)
}
