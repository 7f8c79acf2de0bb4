import { describe, expect, it } from 'vitest'
import { legalMoves, playUci, sideToMove, startingFen } from '../../src/game/rules.ts'

const fen = {
  castling: 'r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1',
  enPassant: 'rnbqkbnr/ppp1p1pp/8/3pPp2/8/8/PPPP1PPP/RNBQKBNR w KQkq f6 0 3',
  promotion: '7k/P7/8/8/8/8/8/K7 w - - 0 1',
  pinned: '4k3/4r3/8/8/8/8/4B3/4K3 w - - 0 1',
}

describe('the rules', () => {
  it('know the twenty first moves', () => {
    expect(legalMoves(startingFen)).toHaveLength(20)
    expect(legalMoves(startingFen)).toContain('g1f3')
  })

  it.each([
    ['a pawn', startingFen, 'e2e4', 'e4'],
    ['castling short', fen.castling, 'e1g1', 'O-O'],
    ['castling long', fen.castling, 'e1c1', 'O-O-O'],
    ['en passant', fen.enPassant, 'e5f6', 'exf6'],
    ['a queen made of a pawn', fen.promotion, 'a7a8q', 'a8=Q+'],
    ['a knight made of a pawn', fen.promotion, 'a7a8n', 'a8=N'],
  ])('play %s', (...row) => {
    const [, position, uci, san] = row

    expect(playUci(position, uci)).toMatchObject({ san, uci })
  })

  it('take the pawn that was passed', () => {
    expect(playUci(fen.enPassant, 'e5f6')?.fenAfter).toBe(
      'rnbqkbnr/ppp1p1pp/5P2/3p4/8/8/PPPP1PPP/RNBQKBNR b KQkq - 0 3',
    )
  })

  it.each([
    ['three squares with a pawn', startingFen, 'e2e5'],
    ["the opponent's piece", startingFen, 'e7e5'],
    ['a pinned piece', fen.pinned, 'e2d3'],
    ['a pawn that would stay a pawn', fen.promotion, 'a7a8'],
    ['a pawn that would become a king', fen.promotion, 'a7a8k'],
    ['a promotion of what is no pawn on its last rank', startingFen, 'e2e4q'],
    ['SAN', startingFen, 'e4'],
    ['upper case', startingFen, 'E2E4'],
    ['an empty square', startingFen, 'e4e5'],
    ['nothing', startingFen, ''],
    ['nonsense', startingFen, 'z9z9'],
  ])('refuse %s', (_, position, uci) => {
    expect(playUci(position, uci)).toBeUndefined()
  })

  it.each([
    ['Checkmate', '6k1/5ppp/8/8/8/8/8/R6K w - - 0 1', 'a1a8'],
    ['Stalemate', '7k/8/6K1/8/8/8/8/5Q2 w - - 0 1', 'f1f7'],
    ['InsufficientMaterial', '7k/8/8/8/8/8/1p6/K7 w - - 0 1', 'a1b2'],
    ['FiftyMoveRule', '7k/8/8/8/8/8/R7/K7 w - - 99 80', 'a2b2'],
    ['Checkmate', '6k1/5ppp/8/8/8/8/8/R6K w - - 99 80', 'a1a8'],
  ])('see %s', (end, position, uci) => {
    expect(playUci(position, uci)?.end).toBe(end)
  })

  it('say whose turn it is', () => {
    expect(sideToMove(startingFen)).toBe('white')
    expect(sideToMove(playUci(startingFen, 'e2e4')!.fenAfter)).toBe('black')
  })
})
