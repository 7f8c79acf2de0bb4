import { describe, expect, it } from 'vitest'
import { rankingKeeper } from '../../src/leaderboard/ranking-keeper.ts'
import { ChessCluster } from '../chess-cluster.ts'

/** Plays a game to its end and answers who has won. */
async function winner(chess: ChessCluster): Promise<string> {
  const { gameId, white, black } = await chess.game()
  await chess.cluster.settled(chess.clients.game(gameId).resign({ playerId: white }))
  return black
}

describe('the ranking', { timeout: 30_000 }, () => {
  it('counts each finished game a moment later', async () => {
    await using chess = await ChessCluster.start(2)
    const { clients, cluster } = chess
    const winners = [await winner(chess), await winner(chess)]
    await cluster.settled(clients.ranking.untilGames({ games: 2 }))

    const top = await clients.ranking.top({ limit: 2 })
    expect(top.map(({ playerId }) => playerId).toSorted()).toEqual(winners.toSorted())
    expect(top.map(({ rank, rating, wins }) => [rank, rating, wins])).toEqual([
      [1, 1216, 1],
      [2, 1216, 1],
    ])
  })

  it('is kept by another runner when the one that kept it dies', async () => {
    await using chess = await ChessCluster.start(3)
    const { clients, cluster } = chess
    await winner(chess)
    await cluster.settled(clients.ranking.untilGames({ games: 1 }))
    const keeper = cluster.client(rankingKeeper)
    const before = await cluster.settled(keeper.status())
    const first = cluster.runners.find(({ runner }) => runner.address === before.runner)
    await cluster.crash(first!)
    await winner(chess)

    await cluster.settled(clients.ranking.untilGames({ games: 2 }), 'the ranking counts both games')
    const after = await cluster.settled(keeper.status())
    expect(after.runner).not.toBe(before.runner)
    expect(after.epoch).toBeGreaterThan(before.epoch ?? 0)
  })

  it('refuses what a former keeper still sends', async () => {
    await using chess = await ChessCluster.start()
    const { clients, cluster } = chess
    await winner(chess)
    await cluster.settled(clients.ranking.untilGames({ games: 1 }))

    await expect(clients.ranking.publish({ epoch: 0, games: 9, players: [] })).rejects.toThrow(
      'The ranking is made under epoch',
    )
    expect(await clients.ranking.top({ limit: 10 })).toHaveLength(2)
  })
})
