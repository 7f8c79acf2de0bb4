import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestServer } from '../in-process-server.ts'
import { startTestServer } from '../in-process-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

describe('a game over HTTP', () => {
  it('has every field of the contract', async () => {
    const [white, black] = [await server.api.player(), await server.api.player()]
    const { status, body } = await server.api.post('/games', { white, black, timeControl: '5+3' })

    expect(status).toBe(201)
    expect(body).toEqual({
      gameId: expect.any(String),
      white,
      black,
      boardFen: 'rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1',
      moves: [],
      status: 'InProgress',
      resultReason: null,
      timeControl: '5+3',
      whiteTimeRemaining: 300_000,
      blackTimeRemaining: 300_000,
      lastMoveAt: null,
      createdAt: time,
      drawOffer: null,
    })
  })

  it('answers a move and records it', async () => {
    const { gameId, white } = await server.api.game()
    const { body } = await server.api.move(gameId, white, 'e2e4')

    const fenAfter = 'rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1'
    expect(body).toEqual({
      san: 'e4',
      uci: 'e2e4',
      fenAfter,
      gameOver: false,
      status: 'InProgress',
      resultReason: null,
    })
    expect((await server.api.get(`/games/${gameId}`)).body).toMatchObject({
      boardFen: fenAfter,
      lastMoveAt: time,
      moves: [
        {
          moveNumber: 1,
          color: 'white',
          san: 'e4',
          uci: 'e2e4',
          fenAfter,
          timestamp: time,
          timeTaken: expect.any(Number),
        },
      ],
    })
  })

  it('lets the clock of the side to move run, and gives the increment', async () => {
    const { gameId, white } = await server.api.game('1+30')
    const early = (await server.api.get(`/games/${gameId}`)).body
    await expect
      .poll(async () => (await server.api.get(`/games/${gameId}`)).body['whiteTimeRemaining'])
      .toBeLessThan(Number(early['whiteTimeRemaining']))

    await server.api.move(gameId, white, 'e2e4')
    const { body } = await server.api.get(`/games/${gameId}`)
    expect(body['whiteTimeRemaining']).toBeGreaterThan(60_000)
    expect(body['whiteTimeRemaining']).toBeLessThan(90_000)
  })

  it('plays the same move again later: three times Nf3', async () => {
    const { gameId, white, black } = await server.api.game()
    const moves = ['g1f3', 'g8f6', 'f3g1', 'f6g8', 'g1f3', 'g8f6', 'f3g1']
    const sans = []
    for (const [index, move] of moves.entries()) {
      sans.push((await server.api.move(gameId, index % 2 === 0 ? white : black, move)).body['san'])
    }
    const { body } = await server.api.move(gameId, black, 'f6g8')

    expect(sans).toEqual(['Nf3', 'Nf6', 'Ng1', 'Ng8', 'Nf3', 'Nf6', 'Ng1'])
    expect(body).toMatchObject({ gameOver: true, status: 'Draw', resultReason: 'ThreefoldRepetition' })
  })

  it('plays a move once for each Idempotency-Key', async () => {
    const { gameId, white } = await server.api.game()
    const first = await server.api.move(gameId, white, 'e2e4', 'key')
    const again = await server.api.move(gameId, white, 'e2e4', 'key')

    expect(again).toEqual(first)
    expect((await server.api.get(`/games/${gameId}`)).body['moves']).toHaveLength(1)
    expect(await server.api.move(gameId, white, 'd2d4', 'key')).toMatchObject({
      status: 409,
      body: { error: { code: 'IDEMPOTENCY_CONFLICT' } },
    })
  })

  it('plays a move once when the same key comes twice at the same time', async () => {
    const { gameId, white } = await server.api.game()
    const answers = await Promise.all(Array.from({ length: 8 }, () => server.api.move(gameId, white, 'e2e4', 'key')))

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect((await server.api.get(`/games/${gameId}`)).body['moves']).toHaveLength(1)
  })

  it('shows a draw offer until the next move', async () => {
    const { gameId, white } = await server.api.game()

    const offered = await server.api.post(`/games/${gameId}/draw/offer`, { playerId: white })
    expect(offered).toMatchObject({ status: 200, body: { drawOffer: { offeredBy: white, at: time } } })
    await server.api.move(gameId, white, 'e2e4')
    expect((await server.api.get(`/games/${gameId}`)).body['drawOffer']).toBeNull()
  })

  it('ends by resignation, agreement and abort', async () => {
    const games = await Promise.all([server.api.game(), server.api.game(), server.api.game()])
    const [resigned, agreed, aborted] = games
    await server.api.post(`/games/${agreed.gameId}/draw/offer`, { playerId: agreed.black })

    expect(
      (await server.api.post(`/games/${resigned.gameId}/resign`, { playerId: resigned.white })).body,
    ).toMatchObject({
      status: 'BlackWins',
      resultReason: 'Resignation',
    })
    expect(
      (await server.api.post(`/games/${agreed.gameId}/draw/accept`, { playerId: agreed.white })).body,
    ).toMatchObject({
      status: 'Draw',
      resultReason: 'DrawAgreement',
    })
    expect((await server.api.post(`/games/${aborted.gameId}/abort`, { playerId: aborted.black })).body).toMatchObject({
      status: 'Aborted',
      resultReason: 'Aborted',
    })
  })

  it('keeps an audit log, newest first', async () => {
    const { gameId, white, black } = await server.api.game()
    await server.api.move(gameId, white, 'e2e4')
    await server.api.post(`/games/${gameId}/draw/offer`, { playerId: black })
    await server.api.post(`/games/${gameId}/resign`, { playerId: black })

    const { list } = await server.api.get(`/games/${gameId}/audit-log`)
    expect(list.map(({ action, actor }) => [action, actor])).toEqual([
      ['resign', black],
      ['draw_offer', black],
      ['move', white],
      ['create', null],
    ])
    expect(list[2]).toMatchObject({ timestamp: time, details: { san: 'e4', uci: 'e2e4' } })
    expect((await server.api.get(`/games/${gameId}/audit-log?limit=1`)).list).toHaveLength(1)
  })

  it('is listed while it can be watched', async () => {
    const { gameId, white } = await server.api.game()
    const listed = async () => (await server.api.get('/games?limit=100')).list.find((game) => game['gameId'] === gameId)

    await expect.poll(listed).toMatchObject({ whiteName: 'White', blackName: 'Black', timeControl: '5+3' })
    await server.api.post(`/games/${gameId}/resign`, { playerId: white })
    await expect.poll(listed).toBeUndefined()
  })
})

describe('the leaderboard', () => {
  it('ranks players who have finished a game', async () => {
    const { gameId, white, black } = await server.api.game()
    await server.api.post(`/games/${gameId}/resign`, { playerId: white })

    const { list } = await server.api.get('/leaderboard?limit=100')
    expect(list.find(({ playerId }) => playerId === black)).toEqual({
      rank: expect.any(Number),
      playerId: black,
      username: 'Black',
      rating: 1216,
      peakRating: 1216,
      wins: 1,
      losses: 0,
      draws: 0,
    })
    expect(list.map(({ rank }) => rank)).toEqual(list.map((_, index) => index + 1))
  })

  it('shows who is near a player', async () => {
    const { gameId, white, black } = await server.api.game()
    await server.api.post(`/games/${gameId}/resign`, { playerId: black })

    const { list } = await server.api.get(`/leaderboard/${white}?range=0`)
    expect(list.map(({ playerId }) => playerId)).toEqual([white])
  })
})

describe('operators', () => {
  it('see runners, entities and games by status', async () => {
    await server.api.game()
    const { body } = await server.api.get('/admin/stats')

    expect(body).toMatchObject({ runners: [{ state: 'active' }], entities: { active: expect.any(Number) } })
    await expect
      .poll(async () => (await server.api.get('/admin/stats')).body['games'])
      .toMatchObject({ InProgress: expect.any(Number) })
  })

  it('see health and metrics', async () => {
    await server.api.get('/games')
    const health = await fetch(`${server.url}/health`)
    const metrics = await fetch(`${server.url}/metrics`)

    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }])
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    expect(await metrics.text()).toMatch(/^chess_http_requests_total\{.*route="\/api\/v1\/games".*\} \d+$/m)
  })
})

describe('the page', () => {
  it.each([
    ['/', 'text/html'],
    ['/style.css', 'text/css'],
    ['/js/main.js', 'text/javascript'],
    ['/icon.svg', 'image/svg+xml'],
  ])('has %s as %s', async (...row) => {
    const [path, type] = row
    const response = await fetch(server.url + path)

    expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining(type)])
    const etag = response.headers.get('etag') ?? ''
    expect((await fetch(server.url + path, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  it.each(['/../package.json', '/%2e%2e/package.json', '/.oxlintrc.json', '/js', '/none.html'])(
    'has no %s',
    async (path) => {
      expect((await fetch(server.url + path)).status).toBe(404)
    },
  )
})
