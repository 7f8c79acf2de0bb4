import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestServer } from '../in-process-server.ts'
import { startTestServer } from '../in-process-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

let keys = 0

/** Sends a request twice with one key, and once more with another. */
async function thrice(path: string, body?: object) {
  const [first, other] = [`key ${(keys += 1)}`, `key ${(keys += 1)}`]
  const answers = []
  for (const key of [first, first, other]) answers.push(await server.api.post(path, body, { 'idempotency-key': key }))
  return answers
}

describe('a request that is repeated with its key', () => {
  it('registers one player', async () => {
    const [first, again, other] = await thrice('/players', { username: 'Ann' })

    expect(first?.status).toBe(201)
    expect(again).toEqual(first)
    expect(other?.body['playerId']).not.toBe(first?.body['playerId'])
    expect((await server.api.get(`/players/${String(first?.body['playerId'])}`)).status).toBe(200)
  })

  it('creates one game', async () => {
    const [white, black] = [await server.api.player(), await server.api.player()]
    const [first, again, other] = await thrice('/games', { white, black, timeControl: '5+3' })

    expect(first?.status).toBe(201)
    expect(again?.body['gameId']).toBe(first?.body['gameId'])
    expect(other?.body['gameId']).not.toBe(first?.body['gameId'])
  })

  it('takes one place in the queue', async () => {
    const playerId = await server.api.player()
    const [first, again, other] = await thrice(`/players/${playerId}/queue`, { timeControl: '12+1' })

    expect(first).toMatchObject({ status: 200, body: { matched: false, position: 1 } })
    expect(again).toEqual(first)
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'ALREADY_IN_QUEUE' } } })
  })

  it('finds one opponent', async () => {
    const [ann, bob] = [await server.api.player(), await server.api.player()]
    await server.api.post(`/players/${ann}/queue`, { timeControl: '13+1' })
    const [first, again, other] = await thrice(`/players/${bob}/queue`, { timeControl: '13+1' })

    expect(first).toMatchObject({ status: 200, body: { matched: true, opponent: ann } })
    expect(again).toEqual(first)
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'INVALID_INPUT' } } })
  })

  it('resigns once', async () => {
    const { gameId, white } = await server.api.game()
    const [first, again, other] = await thrice(`/games/${gameId}/resign`, { playerId: white })

    expect(first).toMatchObject({ status: 200, body: { status: 'BlackWins' } })
    expect(again).toEqual(first)
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'GAME_OVER' } } })
  })
})
