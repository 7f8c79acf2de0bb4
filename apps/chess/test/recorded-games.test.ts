import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestServer } from './in-process-server.ts'
import { startTestServer } from './in-process-server.ts'
import type { RecordedGame } from './recorded-game.ts'
import { recordedGames } from './recorded-game.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Plays all moves and ends the game as it was ended. */
async function replay(game: RecordedGame) {
  const { api } = server
  const { gameId, white, black } = await api.game()
  const sans: unknown[] = []
  for (const [index, { uci }] of game.moves.entries()) {
    const { body } = await api.move(gameId, index % 2 === 0 ? white : black, uci)
    sans.push(body['san'])
  }
  if (game.reason === 'Resignation') {
    await api.post(`/games/${gameId}/resign`, { playerId: game.status === 'WhiteWins' ? black : white })
  }
  if (game.reason === 'DrawAgreement') {
    await api.post(`/games/${gameId}/draw/offer`, { playerId: white })
    await api.post(`/games/${gameId}/draw/accept`, { playerId: black })
  }
  return { sans, final: (await api.get(`/games/${gameId}`)).body, white, black }
}

describe('a recorded game', { timeout: 60_000 }, () => {
  it.each(recordedGames)('$name is played over HTTP to its end: $status by $reason', async (game) => {
    const { sans, final } = await replay(game)

    expect(sans).toEqual(game.moves.map(({ san }) => san))
    expect(final).toMatchObject({ status: game.status, resultReason: game.reason, boardFen: game.finalFen })
  })

  it('is rated for both players by the time its end is answered', async () => {
    const { white, black } = await replay(recordedGames.find(({ name }) => name === 'opera-game')!)

    expect((await server.api.get(`/players/${white}`)).body).toMatchObject({ rating: 1216, currentGameId: null })
    expect((await server.api.get(`/players/${black}`)).body).toMatchObject({ rating: 1184, currentGameId: null })
  })

  it('leaves no defect behind', () => {
    expect(server.defects).toEqual([])
  })
})
