const symbols: Readonly<Record<string, string>> = {
  K: '♔',
  Q: '♕',
  R: '♖',
  B: '♗',
  N: '♘',
  P: '♙',
  k: '♚',
  q: '♛',
  r: '♜',
  b: '♝',
  n: '♞',
  p: '♟',
}

/** The board of a position in FEN, for a terminal, as seen by a side. */
export function boardText(fen: string, side: 'white' | 'black' = 'white'): string {
  const rows = (fen.split(' ')[0] ?? '').split('/').map((row, index) => ({ rank: 8 - index, squares: squaresOf(row) }))
  const files = 'abcdefgh'.split('')
  if (side === 'black') {
    rows.reverse()
    files.reverse()
    for (const { squares } of rows) squares.reverse()
  }
  const lines = rows.map(({ rank, squares }) => `${rank}  ${squares.join(' ')}`)
  return [...lines, '', `   ${files.join(' ')}`].join('\n')
}

function squaresOf(row: string): string[] {
  return row.split('').flatMap((letter) => {
    const empty = Number(letter)
    return Number.isNaN(empty) ? [symbols[letter] ?? letter] : Array.from({ length: empty }, () => '·')
  })
}

/** `5:03`, and below a minute `0:07`. */
export function clockText(ms: number): string {
  const seconds = Math.ceil(Math.max(0, ms) / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
