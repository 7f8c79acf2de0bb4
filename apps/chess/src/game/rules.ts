import type { Move } from 'chess.js'
import { Chess } from 'chess.js'
import type { Color } from './color.ts'
import type { ResultReason } from './result.ts'

/** The only file that knows the chess library: positions are FEN, moves are UCI (`e2e4`, `e7e8q`). */

export const startingFen = 'rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1'

/** Ends of a game that a position alone decides. Repetition needs the history: see position-counts.ts. */
export type PositionEnd = Extract<ResultReason, 'Checkmate' | 'Stalemate' | 'InsufficientMaterial' | 'FiftyMoveRule'>

/** A legal move and what it led to. */
export interface LegalMove {
  readonly san: string
  readonly uci: string
  readonly fenAfter: string
  readonly end: PositionEnd | undefined
}

const uciPattern = /^([a-h][1-8])([a-h][1-8])([qrbn])?$/

export function sideToMove(fen: string): Color {
  return fen.split(' ')[1] === 'b' ? 'black' : 'white'
}

/** Every move of the side to move. Castling is the king's move (`e1g1`). */
export function legalMoves(fen: string): string[] {
  return new Chess(fen).moves({ verbose: true }).map((move) => move.lan)
}

/** Plays a move. Undefined when the rules forbid it or it is not UCI. */
export function playUci(fen: string, uci: string): LegalMove | undefined {
  const [, from, to, promotion] = uciPattern.exec(uci) ?? []
  if (from === undefined || to === undefined) return undefined
  const board = new Chess(fen)
  const move = moveOn(board, { from, to, ...(promotion !== undefined && { promotion }) })
  // The library overlooks a promotion piece where there is nothing to promote.
  if (move?.lan !== uci) return undefined
  return { san: move.san, uci, fenAfter: board.fen(), end: endOf(board) }
}

/** The library throws at what the rules forbid. */
function moveOn(board: Chess, move: { from: string; to: string; promotion?: string }): Move | undefined {
  try {
    return board.move(move)
  } catch {
    return undefined
  }
}

/** Mate and stalemate come before the draws by count, as in the laws of chess. */
function endOf(board: Chess): PositionEnd | undefined {
  if (board.isCheckmate()) return 'Checkmate'
  if (board.isStalemate()) return 'Stalemate'
  if (board.isInsufficientMaterial()) return 'InsufficientMaterial'
  if (board.isDrawByFiftyMoves()) return 'FiftyMoveRule'
  return undefined
}
