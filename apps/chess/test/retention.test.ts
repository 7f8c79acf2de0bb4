import { cronContract } from 'cruster'
import { describe, expect, it } from 'vitest'
import { dayOf } from '../src/retention/finished-games.contract.ts'
import { ChessCluster } from './chess-cluster.ts'

/** Ends a game, lets the schedule run, and answers what is left of the game. */
async function afterTheRun(retentionDays: number) {
  const chess = await ChessCluster.start(2, { retentionDays })
  const { cluster, clients } = chess
  const { gameId, white, black } = await chess.game()
  await clients.game(gameId).resign({ playerId: white })
  await cluster.settled(clients.profile(black).untilOutOfGame({ gameId }))
  const schedule = cluster.client(cronContract('game-retention'))
  await cluster.until('the schedule is there', async () => (await schedule.status()) !== undefined)
  await cluster.settled(schedule.trigger())
  await cluster.until('the run is over', async () => (await schedule.history()).length === 1)
  const [run] = await schedule.history()
  const isKnown = async () =>
    clients
      .game(gameId)
      .getGame()
      .then(
        () => true,
        () => false,
      )
  return { chess, gameId, winner: black, run, isKnown, schedule }
}

describe('a finished game', () => {
  it('is kept as long as it should be', async () => {
    const { chess, run, isKnown, schedule } = await afterTheRun(1)
    await using _ = chess
    const [next] = await schedule.next(1)

    expect(run).toMatchObject({ outcome: 'succeeded' })
    expect(await isKnown()).toBe(true)
    expect(next?.toISOString()).toMatch(/T04:00:00\.000Z$/)
  })

  it('is forgotten after that, and what it did to ratings is not', async () => {
    // As if this day were long ago.
    const { chess, gameId, winner, run, isKnown } = await afterTheRun(-1)
    await using _ = chess
    const { clients, cluster } = chess

    expect(run).toMatchObject({ outcome: 'succeeded' })
    await cluster.until('the game is forgotten', async () => !(await isKnown()))
    expect(await clients.game(gameId).getAuditLog({ limit: 10 })).toEqual([])
    expect((await clients.profile(winner).getProfile()).rating).toBe(1216)
  })

  it('is of the day on which it ended, in UTC', () => {
    const end = Date.parse('2027-03-01T23:59:59.999Z')

    expect([dayOf(end), dayOf(end + 1), dayOf(end, 1)]).toEqual(['2027-03-01', '2027-03-02', '2027-02-28'])
  })
})
