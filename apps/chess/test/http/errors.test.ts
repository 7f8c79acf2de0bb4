import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestServer } from '../in-process-server.ts'
import { startTestServer } from '../in-process-server.ts'

let server: TestServer
let game: { gameId: string; white: string; black: string }
let over: { gameId: string; white: string; black: string }

const nobody = '00000000-0000-4000-8000-000000000000'

beforeAll(async () => {
  server = await startTestServer()
  game = await server.api.game()
  over = await server.api.game()
  await server.api.post(`/games/${over.gameId}/resign`, { playerId: over.white })
})
afterAll(() => server[Symbol.asyncDispose]())

type Row = readonly [what: string, status: number, code: string, request: () => Promise<unknown>]

const json = (body: string) => ({ method: 'POST', body })

const rows: readonly Row[] = [
  ['a player without a body', 400, 'INVALID_INPUT', () => server.api.post('/players')],
  ['a player without a name', 400, 'INVALID_INPUT', () => server.api.post('/players', {})],
  ['a player with an empty name', 400, 'INVALID_INPUT', () => server.api.post('/players', { username: '  ' })],
  ['a player with a long name', 400, 'INVALID_INPUT', () => server.api.post('/players', { username: 'x'.repeat(33) })],
  ['a player whose name is a number', 400, 'INVALID_INPUT', () => server.api.post('/players', { username: 7 })],
  ['malformed JSON', 400, 'INVALID_INPUT', () => server.api.send('POST', '/players', json('{"username":'))],
  ['JSON that is no object', 400, 'INVALID_INPUT', () => server.api.send('POST', '/players', json('[1]'))],
  [
    'a body that is too large',
    413,
    'INVALID_INPUT',
    () => server.api.post('/players', { username: 'x'.repeat(20_000) }),
  ],
  ['a player that is not there', 404, 'NOT_FOUND', () => server.api.get(`/players/${nobody}`)],
  ['a player id that is none', 404, 'NOT_FOUND', () => server.api.get('/players/me')],
  ['a queue for nobody', 404, 'NOT_FOUND', () => server.api.post(`/players/${nobody}/queue`, { timeControl: '5+3' })],
  [
    'a queue for what cannot be played',
    400,
    'INVALID_INPUT',
    () => server.api.post(`/players/${over.white}/queue`, { timeControl: '5' }),
  ],
  [
    'a queue while playing',
    409,
    'INVALID_INPUT',
    () => server.api.post(`/players/${game.white}/queue`, { timeControl: '5+3' }),
  ],
  ['leaving a queue without being in it', 409, 'NOT_IN_QUEUE', () => server.api.delete(`/players/${over.white}/queue`)],
  ['leaving a queue as nobody', 404, 'NOT_FOUND', () => server.api.delete(`/players/${nobody}/queue`)],
  [
    'a game against oneself',
    400,
    'INVALID_INPUT',
    () => server.api.post('/games', { white: over.white, black: over.white, timeControl: '5+3' }),
  ],
  [
    'a game against nobody',
    404,
    'NOT_FOUND',
    () => server.api.post('/games', { white: over.white, black: nobody, timeControl: '5+3' }),
  ],
  [
    'a game without a time control',
    400,
    'INVALID_INPUT',
    () => server.api.post('/games', { white: over.white, black: over.black }),
  ],
  [
    'a game between no ids',
    400,
    'INVALID_INPUT',
    () => server.api.post('/games', { white: 'a', black: 'b', timeControl: '5+3' }),
  ],
  ['a game that is not there', 404, 'NOT_FOUND', () => server.api.get(`/games/${nobody}`)],
  ['a game id that is none', 404, 'NOT_FOUND', () => server.api.get('/games/7')],
  ['moves of a game that is not there', 404, 'NOT_FOUND', () => server.api.get(`/games/${nobody}/legal-moves`)],
  [
    'moves when it is not your turn',
    409,
    'NOT_YOUR_TURN',
    () => server.api.get(`/games/${game.gameId}/legal-moves?player=${game.black}`),
  ],
  [
    'moves of somebody else',
    403,
    'NOT_IN_GAME',
    () => server.api.get(`/games/${game.gameId}/legal-moves?player=${nobody}`),
  ],
  ['moves of no id', 400, 'INVALID_INPUT', () => server.api.get(`/games/${game.gameId}/legal-moves?player=me`)],
  ['a move in no game', 404, 'NOT_FOUND', () => server.api.move(nobody, game.white, 'e2e4')],
  ['a move out of turn', 409, 'NOT_YOUR_TURN', () => server.api.move(game.gameId, game.black, 'e7e5')],
  ['a move of somebody else', 403, 'NOT_IN_GAME', () => server.api.move(game.gameId, over.white, 'e2e4')],
  ['a move against the rules', 422, 'INVALID_MOVE', () => server.api.move(game.gameId, game.white, 'e2e5')],
  ['a move that is none', 422, 'INVALID_MOVE', () => server.api.move(game.gameId, game.white, 'Nf3')],
  [
    'a move without a move',
    400,
    'INVALID_INPUT',
    () => server.api.post(`/games/${game.gameId}/moves`, { playerId: game.white }),
  ],
  [
    'a move that is a number',
    400,
    'INVALID_INPUT',
    () => server.api.post(`/games/${game.gameId}/moves`, { playerId: game.white, move: 1 }),
  ],
  [
    'a move with an endless key',
    400,
    'INVALID_INPUT',
    () => server.api.move(game.gameId, game.white, 'e2e4', 'k'.repeat(201)),
  ],
  ['a move after the end', 409, 'GAME_OVER', () => server.api.move(over.gameId, over.white, 'e2e4')],
  [
    'accepting what nobody offered',
    409,
    'NO_DRAW_OFFER',
    () => server.api.post(`/games/${game.gameId}/draw/accept`, { playerId: game.white }),
  ],
  [
    'resigning as somebody else',
    403,
    'NOT_IN_GAME',
    () => server.api.post(`/games/${game.gameId}/resign`, { playerId: over.white }),
  ],
  [
    'resigning after the end',
    409,
    'GAME_OVER',
    () => server.api.post(`/games/${over.gameId}/resign`, { playerId: over.white }),
  ],
  [
    'resigning as nobody in particular',
    400,
    'INVALID_INPUT',
    () => server.api.post(`/games/${game.gameId}/resign`, {}),
  ],
  ['a log of no game', 404, 'NOT_FOUND', () => server.api.get(`/games/${nobody}/audit-log`)],
  ['a log without an end', 400, 'INVALID_INPUT', () => server.api.get(`/games/${game.gameId}/audit-log?limit=1e9`)],
  ['a leaderboard of nothing', 400, 'INVALID_INPUT', () => server.api.get('/leaderboard?limit=0')],
  ['a leaderboard of some', 400, 'INVALID_INPUT', () => server.api.get('/leaderboard?limit=some')],
  ['a leaderboard around nobody', 404, 'NOT_FOUND', () => server.api.get(`/leaderboard/${nobody}`)],
  ['a route that is not there', 404, 'NOT_FOUND', () => server.api.get('/chess')],
  ['a method that is not there', 404, 'NOT_FOUND', () => server.api.delete(`/games/${nobody}`)],
]

describe('the answer', () => {
  it.each(rows)('to %s is %i %s', async (...row) => {
    const [, status, code, request] = row

    expect(await request()).toMatchObject({ status, body: { error: { code, message: expect.stringMatching(/./) } } })
  })

  it('to a draw accepted by who offered it is 409 CANNOT_ACCEPT_OWN_OFFER', async () => {
    const { gameId, white } = await server.api.game()
    await server.api.post(`/games/${gameId}/draw/offer`, { playerId: white })

    expect(await server.api.post(`/games/${gameId}/draw/accept`, { playerId: white })).toMatchObject({
      status: 409,
      body: { error: { code: 'CANNOT_ACCEPT_OWN_OFFER' } },
    })
  })

  it('to an abort after both have moved is 409', async () => {
    const { gameId, white, black } = await server.api.game()
    await server.api.move(gameId, white, 'e2e4')
    await server.api.move(gameId, black, 'e7e5')

    expect((await server.api.post(`/games/${gameId}/abort`, { playerId: white })).status).toBe(409)
  })

  it('names every field that is wrong', async () => {
    const { body } = await server.api.post('/games', { white: 'a', black: 7, timeControl: 'x' })

    expect(body['error']).toHaveProperty(
      'message',
      expect.stringMatching(/white must be a UUID.*black.*timeControl must be/),
    )
  })

  it('is never that the server is at fault', () => {
    expect(server.defects).toEqual([])
  })
})
