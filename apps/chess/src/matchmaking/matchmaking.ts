import type { ChessTime } from '../chess-time.ts'
import { ChessGame } from '../game/chess-game.contract.ts'
import { formatTimeControl } from '../game/time-control.ts'
import type { SeekResult } from './matchmaking.contract.ts'
import { Matchmaking } from './matchmaking.contract.ts'
import { anyRating } from './rating-range.ts'
import { findOpponent, positionOf, without } from './waiting-list.ts'

export const matchmaking = Matchmaking.implement((time: ChessTime) => ({
  async join({ state, client }, { playerId, timeControl, gameId, rating, accepts = anyRating }): Promise<SeekResult> {
    if (positionOf(state.waiting, playerId) !== undefined) {
      throw new Matchmaking.errors.AlreadyInQueue(undefined, `Player ${playerId} is in the queue already.`)
    }
    const newcomer = { playerId, timeControl: formatTimeControl(timeControl), since: time.now(), rating, accepts }
    const opponent = findOpponent(state.waiting, newcomer)
    if (opponent === undefined) {
      const waiting = [...state.waiting, newcomer]
      state.waiting = waiting
      return { matched: false, position: positionOf(waiting, playerId) ?? waiting.length }
    }
    const { playerId: black } = opponent
    state.waiting = without(state.waiting, black)
    // Stored in the same commit: the place in the queue is given up if and only if the game is made.
    await client(ChessGame).notify(gameId).create({ white: playerId, black, timeControl, origin: 'matchmaking' })
    return { matched: true, gameId, color: 'white', opponent: black }
  },

  leave({ state }, { playerId }) {
    if (positionOf(state.waiting, playerId) === undefined) {
      throw new Matchmaking.errors.NotInQueue(undefined, `Player ${playerId} is not in the queue.`)
    }
    state.waiting = without(state.waiting, playerId)
  },

  withdraw({ state }, { playerId }) {
    state.waiting = without(state.waiting, playerId)
  },

  getPosition: ({ state }, { playerId }) => positionOf(state.waiting, playerId) ?? null,

  countWaiting: ({ state }) => {
    const counts: Record<string, number> = {}
    for (const { timeControl } of state.waiting) counts[timeControl] = (counts[timeControl] ?? 0) + 1
    return counts
  },
}))
