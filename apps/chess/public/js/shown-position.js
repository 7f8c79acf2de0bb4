import { afterMove, kingOf, parseFen } from './position.js'

const startFen = 'rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1'

/** Whose turn it is in the game. */
export function turnOf(game) {
  return parseFen(game.boardFen).turn
}

/**
 * What the board shows: the position after `ply` half-moves; in the latest one also a move that is on its way to the
 * server, and the moves that the player has.
 *
 * @param {{ ply?: number, sent?: { ply: number, uci: string }, legal: { ply: number, moves: string[] } }} looking
 */
export function shownPosition(game, { ply = game.moves.length, sent, legal }) {
  const last = game.moves[ply - 1]
  const { pieces, turn } = parseFen(last?.fenAfter ?? startFen)
  const isLatest = ply === game.moves.length
  if (isLatest && sent?.ply === ply) return { ply, pieces: afterMove(pieces, sent.uci), lastMove: sent.uci, legal: [] }
  return {
    ply,
    pieces,
    lastMove: last?.uci,
    check: givesCheck(last) ? kingOf(pieces, turn) : undefined,
    legal: legalAt(ply, { isLatest, legal }),
  }
}

/** Moves are made in the latest position only, and only those that were asked for there. */
function legalAt(ply, { isLatest, legal }) {
  return isLatest && legal.ply === ply ? legal.moves : []
}

function givesCheck(move) {
  return move !== undefined && /[+#]$/.test(move.san)
}
