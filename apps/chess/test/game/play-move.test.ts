import { describe, expect, it } from 'vitest'
import { playMove } from '../../src/game/play-move.ts'
import { isRefusal } from '../../src/game/refusal.ts'
import { aGame, after, start } from './a-game.ts'

describe('a move', () => {
  it('is recorded with its number, its colour and the time it took', () => {
    const game = after('e2e4 e7e5 g1f3')

    expect(game.moves.map(({ moveNumber, color, san, timeTaken }) => [moveNumber, color, san, timeTaken])).toEqual([
      [1, 'white', 'e4', 1000],
      [1, 'black', 'e5', 1000],
      [2, 'white', 'Nf3', 1000],
    ])
    expect(game.moves.at(-1)?.fenAfter).toBe(game.boardFen)
    expect(game.lastMoveAt).toBe(start + 3000)
  })

  it('clears a draw offer', () => {
    const game = aGame({ drawOffer: { offeredBy: 'white', at: start } })

    expect(after('e2e4', game).drawOffer).toBeNull()
  })

  it('may be the same as an earlier one', () => {
    const game = after('g1f3 g8f6 f3g1 f6g8 g1f3')

    expect(game.moves.map(({ uci }) => uci)).toEqual(['g1f3', 'g8f6', 'f3g1', 'f6g8', 'g1f3'])
    expect(game.status).toBe('InProgress')
  })

  it('draws when a position occurs for the third time, the first one counted', () => {
    const game = after('g1f3 g8f6 f3g1 f6g8 g1f3 g8f6 f3g1 f6g8')

    expect([game.status, game.resultReason]).toEqual(['Draw', 'ThreefoldRepetition'])
  })

  it('does not take a position with other castling rights for the same', () => {
    const game = after('e2e4 e7e5 e1e2 e8e7 e2e1 e7e8 e1e2 e8e7 e2e1 e7e8')

    expect(game.status).toBe('InProgress')
    expect(after('e1e2 e8e7', game).resultReason).toBe('ThreefoldRepetition')
  })

  it('remembers no position that cannot come back', () => {
    expect(Object.keys(after('g1f3 g8f6 f3g1 e7e5').positions)).toHaveLength(1)
  })

  it('wins with mate', () => {
    const game = after('f2f3 e7e5 g2g4 d8h4')

    expect([game.status, game.resultReason]).toEqual(['BlackWins', 'Checkmate'])
    expect(game.clock.running).toBeNull()
  })

  it.each([
    ['a stranger', 'NotInGame', { playerId: 'stranger', move: 'e2e4' }],
    ['who is not to move', 'NotYourTurn', { playerId: 'black', move: 'e7e5' }],
    ['against the rules', 'InvalidMove', { playerId: 'white', move: 'e2e5' }],
  ])('is refused to %s', (_, refused, input) => {
    expect(playMove(aGame(), input, start)).toMatchObject({ refused })
  })

  it('is refused when the game is over, to strangers too', () => {
    const over = after('f2f3 e7e5 g2g4 d8h4')

    expect(playMove(over, { playerId: 'white', move: 'e2e4' }, start)).toMatchObject({ refused: 'GameOver' })
    expect(playMove(over, { playerId: 'stranger', move: 'e2e4' }, start)).toMatchObject({ refused: 'GameOver' })
  })

  it('comes too late when the time is used up', () => {
    const late = playMove(aGame(), { playerId: 'white', move: 'e2e4' }, start + 300_000)

    expect(isRefusal(late) && late.refused).toBe('GameOver')
  })
})
