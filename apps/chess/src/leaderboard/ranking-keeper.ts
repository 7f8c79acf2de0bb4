import { defineSingleton } from 'cruster'
import { Leaderboard, leaderboardId } from './leaderboard.contract.ts'
import { Ranking, rankedPlayers, rankingId } from './ranking.contract.ts'

/**
 * Puts the players in order again whenever a game was rated, in one place of the cluster. What it publishes carries its epoch,
 * so one that was thought dead and comes back cannot put an old order over a new one.
 */
export const rankingKeeper = defineSingleton('ranking-keeper', async ({ client, epoch, signal }) => {
  const leaderboard = client(Leaderboard).get(leaderboardId)
  const ranking = client(Ranking).get(rankingId)
  // Changes that come while the players are being ordered are seen as one.
  for await (const games of leaderboard.ratedGames(undefined, { signal })) {
    const players = await leaderboard.top({ limit: rankedPlayers }, { signal })
    await ranking.publish({ epoch, games, players }, { signal })
  }
})
