import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestServer } from '../in-process-server.ts'
import { startTestServer } from '../in-process-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const nobody = '00000000-0000-4000-8000-000000000000'

describe('watching a game', () => {
  it('begins with the game and tells what happens until it ends', async () => {
    const { gameId, white, black } = await server.api.game()
    await server.api.move(gameId, white, 'f2f3')
    using watcher = await server.api.listen(`/games/${gameId}/watch`)

    expect(await watcher.until('game')).toMatchObject({
      gameId,
      white,
      black,
      moves: [{ san: 'f3' }],
      status: 'InProgress',
    })
    await server.api.move(gameId, black, 'e7e5')
    await server.api.post(`/games/${gameId}/draw/offer`, { playerId: white })
    await watcher.until('drawOffered')
    await server.api.move(gameId, white, 'g2g4')
    await server.api.move(gameId, black, 'd8h4')

    expect(await watcher.until('ended')).toMatchObject({ status: 'BlackWins', resultReason: 'Checkmate' })
    expect(await watcher.closed()).toBe(1000)
    expect(watcher.types).toEqual(['game', 'moved', 'drawOffered', 'moved', 'moved', 'ended'])
    expect(watcher.messages[2]).toMatchObject({ offeredBy: white, at: expect.stringContaining('T') })
    expect(watcher.messages[4]).toMatchObject({
      move: { san: 'Qh4#', uci: 'd8h4', timestamp: expect.stringContaining('T') },
    })
  })

  it('tells every watcher the same', async () => {
    const { gameId, white, black } = await server.api.game()
    const watchers = await Promise.all(Array.from({ length: 5 }, () => server.api.listen(`/games/${gameId}/watch`)))
    await Promise.all(watchers.map((watcher) => watcher.until('game')))
    await server.api.move(gameId, white, 'e2e4')
    await server.api.post(`/games/${gameId}/resign`, { playerId: black })
    await Promise.all(watchers.map((watcher) => watcher.closed()))

    for (const watcher of watchers) expect(watcher.types).toEqual(['game', 'moved', 'ended'])
  })

  it('of a game that is over ends at once', async () => {
    const { gameId, white } = await server.api.game()
    await server.api.post(`/games/${gameId}/resign`, { playerId: white })
    using watcher = await server.api.listen(`/games/${gameId}/watch`)

    expect(await watcher.closed()).toBe(1000)
    expect(watcher.types).toEqual(['game', 'ended'])
  })

  it.each([`/games/${nobody}/watch`, '/games/7/watch', `/players/${nobody}/events`, '/chess'])(
    '%s is not there',
    async (path) => {
      await expect(server.api.listen(path)).rejects.toThrow('HTTP 404')
    },
  )
})

describe('the events of a player', () => {
  it('tell of a match, the opponent, turns and the end', async () => {
    const [ann, bob] = [await server.api.player('Ann'), await server.api.player('Bob')]
    using events = await server.api.listen(`/players/${ann}/events`)
    await server.api.post(`/players/${ann}/queue`, { timeControl: '3+1' })
    const { body } = await server.api.post(`/players/${bob}/queue`, { timeControl: '3+1' })
    const gameId = String(body['gameId'])

    expect(await events.until('matchFound')).toMatchObject({ gameId, color: 'black', opponent: bob })
    expect(await events.until('gameStarted')).toMatchObject({ gameId, timeControl: '3+1' })
    await server.api.move(gameId, bob, 'e2e4')
    expect(await events.until('opponentMoved')).toMatchObject({ gameId, move: { san: 'e4' } })
    await events.until('yourTurn')
    await server.api.move(gameId, ann, 'e7e5')
    await server.api.post(`/games/${gameId}/resign`, { playerId: bob })
    expect(await events.until('gameEnded')).toMatchObject({ status: 'BlackWins', resultReason: 'Resignation' })
    expect(events.types).toEqual(['matchFound', 'gameStarted', 'opponentMoved', 'yourTurn', 'gameEnded'])
  })

  it('are no match when the game was arranged', async () => {
    const [ann, bob] = [await server.api.player(), await server.api.player()]
    using events = await server.api.listen(`/players/${ann}/events`)
    await server.api.post('/games', { white: ann, black: bob, timeControl: '5+3' })

    await events.until('yourTurn')
    expect(events.types).toEqual(['gameStarted', 'yourTurn'])
  })

  it('come to every open page of the player', async () => {
    const { gameId, white, black } = await server.api.game()
    const pages = await Promise.all([1, 2].map(() => server.api.listen(`/players/${black}/events`)))
    await server.api.move(gameId, white, 'e2e4')
    await Promise.all(pages.map((page) => page.until('yourTurn')))

    for (const page of pages) {
      expect(page.types).toEqual(['opponentMoved', 'yourTurn'])
      page[Symbol.dispose]()
    }
  })
})

describe('the end of the server', () => {
  it('is told to every socket as going away', async () => {
    const other = await startTestServer()
    const { gameId, white } = await other.api.game()
    using watcher = await other.api.listen(`/games/${gameId}/watch`)
    using events = await other.api.listen(`/players/${white}/events`)
    await other[Symbol.asyncDispose]()

    expect([await watcher.closed(), await events.closed()]).toEqual([1001, 1001])
  })
})
