import { describe, expect, it } from 'vitest'
import { ChessGame } from '../src/game/chess-game.contract.ts'
import { ChessCluster } from './chess-cluster.ts'

describe('the flag', { timeout: 60_000 }, () => {
  it('falls when the time of the side to move is used up', async () => {
    await using chess = await ChessCluster.start()
    const { gameId, white, black } = await chess.game('5+0')
    const game = chess.clients.game(gameId)
    await game.move({ playerId: white, move: 'e2e4' })

    await chess.cluster.clock.advance('4 minutes')
    expect(await game.getGame()).toMatchObject({ status: 'InProgress', blackTimeRemaining: 60_000 })
    await chess.cluster.clock.advance('61s')
    expect(await game.getGame()).toMatchObject({ status: 'WhiteWins', resultReason: 'Timeout', blackTimeRemaining: 0 })
    const [entry] = await game.getAuditLog({ limit: 1 })
    expect(entry).toMatchObject({ action: 'timeout', actor: null })
    await chess.cluster.until(
      'the game is rated',
      async () => (await chess.clients.profile(black).getProfile()).rating === 1184,
    )
  })

  it('falls for white from the creation of the game on', async () => {
    await using chess = await ChessCluster.start()
    const { gameId } = await chess.game('1+0')

    await chess.cluster.clock.advance('61s')
    expect(await chess.clients.game(gameId).getGame()).toMatchObject({ status: 'BlackWins', resultReason: 'Timeout' })
  })

  it('is watched by one message at a time, and by none after the end', async () => {
    await using chess = await ChessCluster.start()
    const { gameId, white, black } = await chess.game()
    const game = chess.clients.game(gameId)
    const pending = [await chess.pendingTimeouts(gameId)]
    for (const [playerId, move] of [
      [white, 'f2f3'],
      [black, 'e7e5'],
      [white, 'g2g4'],
      [black, 'd8h4'],
    ] as const) {
      await game.move({ playerId, move })
      pending.push(await chess.pendingTimeouts(gameId))
    }

    expect(pending).toEqual([1, 1, 1, 1, 0])
    await chess.cluster.clock.advance('1 hour')
    expect(await game.getGame()).toMatchObject({ status: 'BlackWins', resultReason: 'Checkmate' })
  })

  it('does not fall while the players move in time, however long the game is', async () => {
    await using chess = await ChessCluster.start()
    const { gameId, white, black } = await chess.game('1+50')
    const game = chess.clients.game(gameId)
    const moves = ['g1f3', 'g8f6', 'b1c3', 'b8c6', 'a2a3', 'a7a6', 'h2h3', 'h7h6']
    for (const [ply, move] of moves.entries()) {
      await chess.cluster.clock.advance('50s')
      await game.move({ playerId: ply % 2 === 0 ? white : black, move })
    }

    expect(await game.getGame()).toMatchObject({
      status: 'InProgress',
      whiteTimeRemaining: 60_000,
      blackTimeRemaining: 60_000,
    })
  })

  it('falls although the runner of the game has died, once another has it', async () => {
    await using chess = await ChessCluster.start(3)
    const { cluster, clients } = chess
    const { gameId, white } = await chess.game('1+0')
    await clients.game(gameId).move({ playerId: white, move: 'e2e4' })
    await cluster.crash(cluster.ownerOf(ChessGame, gameId))

    await cluster.until(
      'the flag has fallen',
      async () => (await clients.game(gameId).getGame()).status === 'WhiteWins',
    )
    expect(await chess.pendingTimeouts(gameId)).toBe(0)
  })
})
