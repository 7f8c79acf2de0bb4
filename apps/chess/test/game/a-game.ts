import type { Game } from '../../src/game/game.ts'
import { startGame } from '../../src/game/game.ts'
import { playMove } from '../../src/game/play-move.ts'
import { isRefusal } from '../../src/game/refusal.ts'
import { parseTimeControl } from '../../src/game/time-control.ts'

export const start = Date.parse('2026-01-01T12:00:00Z')

/** A game of `white` against `black`, 5+3, that began at `start`. */
export function aGame(changes: Partial<Game> & { control?: string } = {}): Game {
  const { control = '5+3', ...rest } = changes
  const timeControl = parseTimeControl(control)!
  return { ...startGame({ gameId: 'g', white: 'white', black: 'black', timeControl }, start), ...rest }
}

/** Plays UCI moves, one a second, from the start or from a position. */
export function after(moves: string, game: Game = aGame()): Game {
  let [now, next] = [game.lastMoveAt ?? game.createdAt, game]
  for (const move of moves.split(' ')) {
    now += 1000
    const playerId = next.boardFen.split(' ')[1] === 'w' ? 'white' : 'black'
    const played = playMove(next, { playerId, move }, now)
    if (isRefusal(played)) throw new Error(played.message)
    next = played
  }
  return next
}
