import type { GameAnswer, MoveAnswer, PlayerAnswer } from './api-shapes.ts'
import { boardText, clockText } from './board-text.ts'

/** What people read in place of JSON. */

export function playerText({ playerId, username, status, rating, currentGameId }: PlayerAnswer): string {
  const lines = [`${username} (${playerId})`, `  status  ${status}`]
  if (rating !== undefined) lines.push(`  rating  ${rating}`)
  if (typeof currentGameId === 'string') lines.push(`  game    ${currentGameId}`)
  return lines.join('\n')
}

/** Names and clocks around the board. */
export function gameText(game: GameAnswer, names: { white: string; black: string }, side?: 'white' | 'black'): string {
  const seenFrom = side ?? 'white'
  const far = seenFrom === 'white' ? 'black' : 'white'
  const head = (color: 'white' | 'black'): string =>
    `${names[color]} (${color}) ${clockText(game[`${color}TimeRemaining`])}`
  const last = game.moves.at(-1)
  const lines = [head(far), '', boardText(game.boardFen, seenFrom), '', head(seenFrom)]
  if (last !== undefined) lines.push(`last move ${moveText(last)}`)
  if (game.drawOffer !== null) lines.push('a draw is offered')
  lines.push(statusText(game))
  return lines.join('\n')
}

export function moveText({ moveNumber, color, san }: MoveAnswer): string {
  return `${moveNumber}${color === 'white' ? '.' : '…'} ${san}`
}

/** The moves as they are printed in books. */
export function movesText(moves: readonly MoveAnswer[]): string {
  if (moves.length === 0) return 'no moves yet'
  const numbers = [...new Set(moves.map(({ moveNumber }) => moveNumber))]
  const lines = numbers.map((number) => {
    const [white, black] = ['white', 'black'].map(
      (color) => moves.find((move) => move.moveNumber === number && move.color === color)?.san ?? '',
    )
    return `${String(number).padStart(3)}. ${(white ?? '').padEnd(8)}${black ?? ''}`.trimEnd()
  })
  return lines.join('\n')
}

export function statusText({ status, resultReason }: { status: string; resultReason: string | null }): string {
  return resultReason === null ? status : `${status} by ${resultReason}`
}

/** Columns that line up: the first to the left, the others to the right. */
export function tableText(rows: readonly (readonly (string | number)[])[]): string {
  const texts = rows.map((row) => row.map(String))
  const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return texts.map((row) => line(row).trimEnd()).join('\n')
}
