import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestServer } from '../in-process-server.ts'
import { startTestServer } from '../in-process-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const uuid = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)

/** Puts a player into the queue. */
const join = (id: string, timeControl: string) => server.api.post(`/players/${id}/queue`, { timeControl })
const statusOf = async (id: string) => (await server.api.get(`/players/${id}`)).body['status']

describe('a player', () => {
  it('is registered and found again', async () => {
    const { status, body } = await server.api.post('/players', { username: ' Ada ' })

    expect(status).toBe(201)
    expect(body).toEqual({ playerId: uuid, username: 'Ada', status: 'Online' })
    expect((await server.api.get(`/players/${String(body['playerId'])}`)).body).toEqual({
      ...body,
      currentGameId: null,
      rating: 1200,
    })
  })

  it('is InGame from the answer that says so to the one that ends the game', async () => {
    const { gameId, white, black } = await server.api.game()

    expect((await server.api.get(`/players/${white}`)).body).toMatchObject({ status: 'InGame', currentGameId: gameId })
    await server.api.post(`/games/${gameId}/resign`, { playerId: black })
    expect((await server.api.get(`/players/${white}`)).body).toMatchObject({
      status: 'Online',
      currentGameId: null,
      rating: 1216,
    })
  })

  it('is free without a rating change when a game is called off', async () => {
    const { gameId, white } = await server.api.game()
    await server.api.post(`/games/${gameId}/abort`, { playerId: white })

    expect((await server.api.get(`/players/${white}`)).body).toMatchObject({ currentGameId: null, rating: 1200 })
  })

  it('goes offline with the last connection', async () => {
    const playerId = await server.api.player()
    using first = await server.api.listen(`/players/${playerId}/events`)
    const second = await server.api.listen(`/players/${playerId}/events`)
    second[Symbol.dispose]()

    expect(await statusOf(playerId)).toBe('Online')
    first[Symbol.dispose]()
    await expect.poll(() => statusOf(playerId)).toBe('Offline')
  })
})

describe('the queue', () => {
  it('pairs two players of one time control; who came later has white', async () => {
    const [ann, bob] = [await server.api.player('Ann'), await server.api.player('Bob')]

    expect((await join(ann, '10+5')).body).toEqual({ matched: false, position: 1 })
    expect(await statusOf(ann)).toBe('InQueue')
    const { body } = await join(bob, '10+5')
    expect(body).toEqual({ matched: true, gameId: uuid, color: 'white', opponent: ann })
    const game = (await server.api.get(`/games/${String(body['gameId'])}`)).body
    expect(game).toMatchObject({ white: bob, black: ann, timeControl: '10+5', status: 'InProgress' })
    expect(await statusOf(ann)).toBe('InGame')
  })

  it('keeps those apart who want different games', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => server.api.player()))
    const answers = []
    for (const [index, control] of ['7+1', '7+2', '7+3'].entries())
      answers.push((await join(ids[index]!, control)).body)

    expect(answers).toEqual([1, 2, 3].map(() => ({ matched: false, position: 1 })))
  })

  it('keeps those apart who do not accept the rating of each other', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => server.api.player()))
    const [picky, ann, bob] = ids.map(
      (id) => (range: object) => server.api.post(`/players/${id}/queue`, { timeControl: '6+1', ...range }),
    )

    expect((await picky!({ minRating: 1300 })).body).toEqual({ matched: false, position: 1 })
    expect((await ann!({})).body).toEqual({ matched: false, position: 2 })
    expect((await bob!({ minRating: 1100, maxRating: 1250 })).body).toMatchObject({ matched: true, opponent: ids[1] })
  })

  it.each([{ minRating: 1300, maxRating: 1200 }, { minRating: -1 }, { maxRating: 'high' }])(
    'does not take the range %j',
    async (range) => {
      const answer = await server.api.post(`/players/${await server.api.player()}/queue`, {
        timeControl: '6+2',
        ...range,
      })

      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'INVALID_INPUT' } } })
    },
  )

  it('takes a player once', async () => {
    const playerId = await server.api.player()
    await join(playerId, '8+1')

    expect(await join(playerId, '8+2')).toMatchObject({ status: 409, body: { error: { code: 'ALREADY_IN_QUEUE' } } })
  })

  it('lets a player go', async () => {
    const [ann, bob] = [await server.api.player(), await server.api.player()]
    await join(ann, '9+1')

    expect((await server.api.delete(`/players/${ann}/queue`)).status).toBe(204)
    expect(await statusOf(ann)).toBe('Online')
    expect((await join(bob, '9+1')).body).toMatchObject({ matched: false })
  })

  it('is left by who starts a game elsewhere', async () => {
    const [ann, bob, cat] = [await server.api.player(), await server.api.player(), await server.api.player()]
    await join(ann, '11+1')
    await server.api.post('/games', { white: ann, black: bob, timeControl: '5+3' })
    await expect.poll(async () => (await server.api.get('/admin/stats')).body['waiting']).not.toHaveProperty('11+1')

    expect((await join(cat, '11+1')).body).toMatchObject({ matched: false })
  })

  it('makes one game for each pair when many come at once', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => server.api.player()))
    const answers = await Promise.all(ids.map(async (id) => (await join(id, '12+1')).body))
    const games = answers.filter(({ matched }) => matched === true)
    const opponents = games.map(({ opponent }) => opponent)

    expect(games).toHaveLength(10)
    expect(new Set(opponents).size).toBe(10)
    expect(await Promise.all(ids.map(statusOf))).toEqual(Array(20).fill('InGame'))
  })
})
