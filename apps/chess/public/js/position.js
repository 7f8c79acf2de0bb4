/** Positions as the page needs them: a map from squares to pieces. The rules stay on the server. */

const files = 'abcdefgh'

/** @returns {{ pieces: Map<string, string>, turn: 'white' | 'black' }} */
export function parseFen(fen) {
  const [board, turn] = fen.split(' ')
  const pieces = new Map()
  for (const [row, text] of board.split('/').entries()) {
    let file = 0
    for (const letter of text) {
      if (letter >= '1' && letter <= '8') file += Number(letter)
      else pieces.set(`${files[file++]}${8 - row}`, letter)
    }
  }
  return { pieces, turn: turn === 'b' ? 'black' : 'white' }
}

/** All squares, as seen by a side: left to right, top to bottom. */
export function squaresFor(side) {
  const all = []
  for (let rank = 8; rank >= 1; rank--) for (const file of files) all.push(`${file}${rank}`)
  return side === 'white' ? all : all.toReversed()
}

/** Column and row of a square as seen by a side, from 0 at the top left. */
export function placeOf(square, side) {
  const [column, row] = [files.indexOf(square[0]), 8 - Number(square[1])]
  return side === 'white' ? { column, row } : { column: 7 - column, row: 7 - row }
}

export function isDark(square) {
  return (files.indexOf(square[0]) + Number(square[1])) % 2 === 1
}

/** The board after a legal move, for showing it before the server has answered. */
export function afterMove(pieces, uci) {
  const [from, to, promotion] = [uci.slice(0, 2), uci.slice(2, 4), uci[4]]
  const next = new Map(pieces)
  const piece = pieces.get(from) ?? ''
  next.delete(from)
  if (piece.toLowerCase() === 'p' && from[0] !== to[0] && !pieces.has(to)) next.delete(`${to[0]}${from[1]}`)
  const isCastling = piece.toLowerCase() === 'k' && Math.abs(files.indexOf(from[0]) - files.indexOf(to[0])) === 2
  if (isCastling) moveRook(next, to)
  next.set(to, promotion === undefined ? piece : inCaseOf(promotion, piece))
  return next
}

function moveRook(pieces, kingTo) {
  const rank = kingTo[1]
  const [from, to] = kingTo[0] === 'g' ? [`h${rank}`, `f${rank}`] : [`a${rank}`, `d${rank}`]
  pieces.set(to, pieces.get(from))
  pieces.delete(from)
}

function inCaseOf(letter, piece) {
  return piece === piece.toUpperCase() ? letter.toUpperCase() : letter
}

export function kingOf(pieces, side) {
  const king = side === 'white' ? 'K' : 'k'
  for (const [square, piece] of pieces) if (piece === king) return square
  return undefined
}

const values = { p: 1, n: 3, b: 3, r: 5, q: 9 }
const atStart = { p: 8, n: 2, b: 2, r: 2, q: 1 }

/** What a side has taken, cheapest first, and by how much it is ahead. A promoted pawn counts as a pawn lost. */
export function capturesOf(pieces, side) {
  const counts = { white: {}, black: {} }
  for (const piece of pieces.values()) {
    const count = counts[piece === piece.toUpperCase() ? 'white' : 'black']
    count[piece.toLowerCase()] = (count[piece.toLowerCase()] ?? 0) + 1
  }
  const other = side === 'white' ? 'black' : 'white'
  const taken = Object.keys(values).flatMap((kind) =>
    Array(Math.max(0, atStart[kind] - (counts[other][kind] ?? 0))).fill(side === 'white' ? kind : kind.toUpperCase()),
  )
  return { taken, lead: materialOf(counts[side]) - materialOf(counts[other]) }
}

function materialOf(count) {
  return Object.entries(values).reduce((sum, [kind, value]) => sum + value * (count[kind] ?? 0), 0)
}
