import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './in-process-server.ts'
import { recordedGame } from './recorded-game.ts'
import { ServerProcess } from './server-process.ts'

const opera = recordedGame('opera-game')
const timeoutMs = 60_000

describe('a server that is killed with SIGKILL', { timeout: timeoutMs }, () => {
  it('plays the game on after a restart: no move lost, none doubled, whenever it dies', async () => {
    await using folder = await temporaryFolder()
    let server = await ServerProcess.start(folder.path)
    const { gameId, white, black } = await server.api.game()
    for (const [ply, { uci }] of opera.moves.entries()) {
      if (ply % 8 === 5) {
        await server.end('SIGKILL')
        server = await ServerProcess.start(folder.path)
      }
      expect(await server.api.move(gameId, ply % 2 === 0 ? white : black, uci)).toMatchObject({ status: 200 })
    }
    await using last = server

    const { body } = await last.api.get(`/games/${gameId}`)
    expect(body).toMatchObject({ status: 'WhiteWins', resultReason: 'Checkmate', boardFen: opera.finalFen })
    expect((body['moves'] as { uci: string }[]).map(({ uci }) => uci)).toEqual(opera.moves.map(({ uci }) => uci))
    expect((await last.api.get(`/players/${white}`)).body).toMatchObject({ username: 'White', rating: 1216 })
  })

  it('plays a move once although it died before the answer came', async () => {
    await using folder = await temporaryFolder()
    const first = await ServerProcess.start(folder.path)
    const { gameId, white, black } = await first.api.game()
    await first.api.move(gameId, white, 'e2e4', 'a')

    // Many attempts in flight: the kill meets some before, some in, some after their commit.
    const sent = Array.from({ length: 20 }, () => first.api.move(gameId, black, 'e7e5', 'b').catch(() => undefined))
    await Promise.race(sent)
    await first.end('SIGKILL')
    await Promise.all(sent)
    await using second = await ServerProcess.start(folder.path)

    expect(await second.api.move(gameId, black, 'e7e5', 'b')).toMatchObject({ status: 200, body: { san: 'e5' } })
    expect(await second.api.move(gameId, white, 'e2e4', 'a')).toMatchObject({ status: 200, body: { san: 'e4' } })
    expect((await second.api.get(`/games/${gameId}`)).body['moves']).toHaveLength(2)
  })

  it('lets the clock run on while it is down', async () => {
    await using folder = await temporaryFolder()
    const first = await ServerProcess.start(folder.path)
    const { gameId, white } = await first.api.game('5+3')
    await first.api.move(gameId, white, 'e2e4')
    const before = (await first.api.get(`/games/${gameId}`)).body
    const at = Date.now()
    await first.end('SIGKILL')
    await using second = await ServerProcess.start(folder.path)
    const after = (await second.api.get(`/games/${gameId}`)).body
    const passed = Date.now() - at

    expect(after['whiteTimeRemaining']).toBe(before['whiteTimeRemaining'])
    const used = Number(before['blackTimeRemaining']) - Number(after['blackTimeRemaining'])
    expect(used).toBeGreaterThan(passed - 1000)
    expect(used).toBeLessThanOrEqual(passed + 100)
  })

  it('ends a game on time whose flag fell while it was down', async () => {
    await using folder = await temporaryFolder()
    const first = await ServerProcess.start(folder.path)
    const { gameId, white, black } = await first.api.game('0.02+0')
    await first.api.move(gameId, white, 'e2e4')
    await first.end('SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 1300))
    await using second = await ServerProcess.start(folder.path)

    await expect
      .poll(async () => (await second.api.get(`/games/${gameId}`)).body, { timeout: 10_000 })
      .toMatchObject({ status: 'WhiteWins', resultReason: 'Timeout', blackTimeRemaining: 0 })
    await expect.poll(async () => (await second.api.get(`/players/${black}`)).body['rating']).toBe(1184)
  })

  it('keeps the queue', async () => {
    await using folder = await temporaryFolder()
    const first = await ServerProcess.start(folder.path)
    const ann = await first.api.player('Ann')
    await first.api.post(`/players/${ann}/queue`, { timeControl: '5+3' })
    await first.end('SIGKILL')
    await using second = await ServerProcess.start(folder.path)
    const bob = await second.api.player('Bob')

    expect((await second.api.get(`/players/${ann}`)).body).toMatchObject({ username: 'Ann', status: 'InQueue' })
    expect((await second.api.post(`/players/${bob}/queue`, { timeControl: '5+3' })).body).toMatchObject({
      matched: true,
      opponent: ann,
    })
  })

  it('rates a game once that ended just before', async () => {
    await using folder = await temporaryFolder()
    const first = await ServerProcess.start(folder.path)
    const { gameId, white, black } = await first.api.game()
    const ended = first.api.post(`/games/${gameId}/resign`, { playerId: black }).catch(() => undefined)
    using watcher = await first.api.listen(`/games/${gameId}/watch`)
    await watcher.until('ended')
    await first.end('SIGKILL')
    await ended
    await using second = await ServerProcess.start(folder.path)

    await expect
      .poll(async () => (await second.api.get(`/players/${white}`)).body)
      .toMatchObject({ rating: 1216, currentGameId: null })
    const { list } = await second.api.get('/leaderboard')
    expect(list.map(({ wins, losses }) => [wins, losses])).toEqual([
      [1, 0],
      [0, 1],
    ])
  })
})
