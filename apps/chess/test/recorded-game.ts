import { readFileSync, readdirSync } from 'node:fs'
import { Chess } from 'chess.js'

/** A published game: what was played and how it ended. */
export interface RecordedGame {
  readonly name: string
  readonly moves: readonly { readonly san: string; readonly uci: string }[]
  readonly status: string
  readonly reason: string
  readonly finalFen: string
}

const statuses: Readonly<Record<string, string>> = { '1-0': 'WhiteWins', '0-1': 'BlackWins', '1/2-1/2': 'Draw' }
const folder = new URL('./games/', import.meta.url)

export function recordedGame(name: string): RecordedGame {
  const board = new Chess()
  board.loadPgn(readFileSync(new URL(`${name}.pgn`, folder), 'utf8'))
  const headers = board.getHeaders()
  return {
    name,
    moves: board.history({ verbose: true }).map(({ san, lan }) => ({ san, uci: lan })),
    status: statuses[headers['Result'] ?? ''] ?? '',
    reason: headers['Termination'] ?? '',
    finalFen: headers['FinalFen'] ?? '',
  }
}

export const recordedGames: readonly RecordedGame[] = readdirSync(folder)
  .filter((file) => file.endsWith('.pgn'))
  .toSorted()
  .map((file) => recordedGame(file.replace('.pgn', '')))
