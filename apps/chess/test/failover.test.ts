import { describe, expect, it } from 'vitest'
import { ChessGame } from '../src/game/chess-game.contract.ts'
import type { WatchEvent } from '../src/game/watch-event.ts'
import { Leaderboard, leaderboardId } from '../src/leaderboard/leaderboard.contract.ts'
import { Matchmaking, matchmakingId } from '../src/matchmaking/matchmaking.contract.ts'
import { parseTimeControl } from '../src/game/time-control.ts'
import { ChessCluster } from './chess-cluster.ts'
import { recordedGame } from './recorded-game.ts'

const opera = recordedGame('opera-game')
const timeControl = parseTimeControl('60+0')!
const gameId = '00000000-0000-4000-9000-000000000999'

describe('three runners of which one dies', { timeout: 60_000 }, () => {
  it('play a game on wherever it is', async () => {
    await using chess = await ChessCluster.start(3)
    const { cluster, clients } = chess
    const { gameId: id, white, black } = await chess.game('60+0')
    for (const [ply, { uci }] of opera.moves.entries()) {
      if (ply === 11) await cluster.crash(cluster.ownerOf(ChessGame, id))
      const playerId = ply % 2 === 0 ? white : black
      const options = { idempotencyKey: `ply ${ply}`, timeout: '2 minutes' } as const
      await cluster.settled(clients.game(id).move({ playerId, move: uci }, options), `move ${ply}`)
    }

    const game = await clients.game(id).getGame()
    expect(game).toMatchObject({ status: 'WhiteWins', resultReason: 'Checkmate', boardFen: opera.finalFen })
    expect(game.moves).toHaveLength(opera.moves.length)
  })

  it('keep the queue, and who waits in it is paired', async () => {
    await using chess = await ChessCluster.start(3)
    const { cluster, clients } = chess
    const [ann, bob] = [await chess.player(1), await chess.player(2)]
    await clients.matchmaking.join({
      playerId: ann,
      timeControl,
      rating: 1200,
      gameId: '00000000-0000-4000-9000-000000000998',
    })
    await cluster.crash(cluster.ownerOf(Matchmaking, matchmakingId))

    const result = await cluster.settled(clients.matchmaking.join({ playerId: bob, timeControl, rating: 1200, gameId }))
    expect(result).toEqual({ matched: true, gameId, color: 'white', opponent: ann })
    await cluster.settled(clients.profile(ann).untilInGame({ gameId }))
    expect(await clients.game(gameId).getGame()).toMatchObject({ white: bob, black: ann })
  })

  it('rate a game once', async () => {
    await using chess = await ChessCluster.start(3)
    const { cluster, clients } = chess
    const { gameId: id, white, black } = await chess.game()
    const resigned = clients.game(id).resign({ playerId: white })
    await cluster.crash(cluster.ownerOf(Leaderboard, leaderboardId))
    await cluster.settled(resigned)
    await cluster.settled(clients.profile(black).untilOutOfGame({ gameId: id }))
    await cluster.clock.advance('5 minutes')

    const table = await cluster.settled(clients.leaderboard.top({ limit: 10 }))
    expect(table.map(({ playerId, wins, losses, rating }) => [playerId, wins, losses, rating])).toEqual([
      [black, 1, 0, 1216],
      [white, 0, 1, 1184],
    ])
  })

  it('rate a game although its runner dies as soon as it is over', async () => {
    await using chess = await ChessCluster.start(3)
    const { cluster, clients } = chess
    const { gameId: id, white, black } = await chess.game()
    const resigned = clients
      .game(id)
      .resign({ playerId: white })
      .catch(() => undefined)
    await cluster.until('the game is over', async () => (await clients.game(id).getGame()).status === 'BlackWins')
    await cluster.crash(cluster.ownerOf(ChessGame, id))

    await cluster.settled(clients.profile(black).untilOutOfGame({ gameId: id }, { timeout: '5 minutes' }))
    await cluster.settled(resigned)
    expect(await clients.profile(black).getProfile()).toMatchObject({ rating: 1216, gameIds: [] })
    expect((await clients.directory.countByStatus()).BlackWins).toBe(1)
  })

  it('go on telling a spectator, each move once', async () => {
    await using chess = await ChessCluster.start(3)
    const { cluster, clients } = chess
    const { gameId: id, white, black } = await chess.game('60+0')
    const events: WatchEvent[] = []
    const watching = (async () => {
      for await (const event of clients.game(id).watch()) events.push(event)
    })()
    await cluster.until('the game was shown', () => events.length > 0)
    for (const [ply, { uci }] of opera.moves.entries()) {
      if (ply === 20) await cluster.crash(cluster.ownerOf(ChessGame, id))
      const move = { playerId: ply % 2 === 0 ? white : black, move: uci }
      await cluster.settled(clients.game(id).move(move, { idempotencyKey: `${ply}`, timeout: '2 minutes' }))
    }
    await cluster.settled(watching, 'the end of the stream')

    const told = events.flatMap((event) => (event.type === 'moved' ? [event.move.san] : []))
    expect(told).toEqual(opera.moves.map(({ san }) => san))
    expect(events.filter(({ type }) => type === 'game')).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ type: 'ended', resultReason: 'Checkmate' })
  })
})

describe('a session', () => {
  it('gives the place in the queue up when a player does not come back', async () => {
    await using chess = await ChessCluster.start()
    const { cluster, clients } = chess
    const ann = await chess.player(1)
    const listening = new AbortController()
    const events = clients.session(ann).events(undefined, { signal: listening.signal })[Symbol.asyncIterator]()
    const next = events.next().catch(() => undefined)
    await cluster.until('somebody listens', async () => (await clients.session(ann).getPresence()) === 'Online')
    await clients.matchmaking.join({ playerId: ann, timeControl, rating: 1200, gameId })
    listening.abort()
    await next
    await cluster.until('nobody listens', async () => (await clients.session(ann).getPresence()) === 'Offline')

    expect(await clients.matchmaking.getPosition({ playerId: ann })).toBe(1)
    await cluster.clock.advance('31s')
    await cluster.until(
      'the place is free',
      async () => (await clients.matchmaking.getPosition({ playerId: ann })) === null,
    )
  })
})
