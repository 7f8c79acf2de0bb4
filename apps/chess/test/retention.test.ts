import { describe, expect, it } from 'vitest'
import { ChessCluster } from './chess-cluster.ts'

// Days pass: with the usual leases and sweeps that is half a million rounds.
describe('a finished game', { timeout: 30_000 }, () => {
  it('is forgotten when it has been over for long enough, and not before', async () => {
    await using chess = await ChessCluster.start(1, { leaseTtl: '1 day', config: { sweepInterval: '1 hour' } })
    const { cluster, clients } = chess
    const finish = async () => {
      const { gameId, white, black } = await chess.game()
      await clients.game(gameId).resign({ playerId: white })
      return { gameId, winner: black }
    }
    const isKnown = async (gameId: string) =>
      clients
        .game(gameId)
        .getGame()
        .then(
          () => true,
          () => false,
        )
    const old = await finish()
    await cluster.clock.advance('1 day')
    const recent = await finish()

    let hours = 24
    for (; hours < 96 && (await isKnown(old.gameId)); hours += 6) await cluster.clock.advance('6 hours')

    expect(hours).toBeGreaterThan(24)
    expect(hours).toBeLessThan(96)
    expect(await isKnown(recent.gameId)).toBe(true)
    expect(await clients.game(old.gameId).getAuditLog({ limit: 10 })).toEqual([])
    expect((await clients.profile(old.winner).getProfile()).rating).toBe(1216)
  })
})
