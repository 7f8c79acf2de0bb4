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
  if (!uciPattern.test(uci)) return undefined
  const board = new Chess(fen)
  // The library ignores a promotion piece where there is nothing to promote; exact comparison does not.
  const found = board.moves({ verbose: true }).find((move) => move.lan === uci)
  if (found === undefined) return undefined
  board.move(found.san)
  return { san: found.san, uci, fenAfter: board.fen(), end: endOf(board) }
}

/** Mate and stalemate come before the draws by count, as in the laws of chess. */
function endOf(board: Chess): PositionEnd | undefined {
  if (board.isCheckmate()) return 'Checkmate'
  if (board.isStalemate()) return 'Stalemate'
  if (board.isInsufficientMaterial()) return 'InsufficientMaterial'
  if (board.isDrawByFiftyMoves()) return 'FiftyMoveRule'
  return undefined
}
