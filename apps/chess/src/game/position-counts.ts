/**
 * How often each position occurred, to notice threefold repetition.
 *
 * Two positions are the same when pieces, side to move, castling rights and possible en passant captures are: the first
 * four fields of a FEN whose en passant square is written only when a capture there is legal.
 */
export type PositionCounts = Readonly<Record<string, number>>

function positionKey(fen: string): string {
  return fen.split(' ').slice(0, 4).join(' ')
}

/** A capture or a pawn's move: no position before it can come back, so none needs to be remembered. */
function isIrreversible(fen: string): boolean {
  return fen.split(' ')[4] === '0'
}

/** Adds the position that a move led to. Stays small: the fifty-move rule bounds how many can pass without a reset. */
export function countPosition(counts: PositionCounts, fen: string): PositionCounts {
  const kept = isIrreversible(fen) ? {} : counts
  const key = positionKey(fen)
  return { ...kept, [key]: (kept[key] ?? 0) + 1 }
}

export function occurrences(counts: PositionCounts, fen: string): number {
  return counts[positionKey(fen)] ?? 0
}
