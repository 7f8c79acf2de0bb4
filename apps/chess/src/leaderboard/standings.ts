import type { Score } from './elo.ts'
import { ratingAfter, startRating } from './elo.ts'

/** What a player has achieved. */
export interface PlayerRating {
  readonly playerId: string
  readonly username: string
  readonly rating: number
  readonly peakRating: number
  readonly wins: number
  readonly losses: number
  readonly draws: number
}

export interface RankedPlayer extends PlayerRating {
  /** From 1. */
  readonly rank: number
}

export type Standings = Readonly<Record<string, PlayerRating>>

/** A finished game as the standings see it. */
export interface RatedGame {
  readonly white: string
  readonly black: string
  readonly status: 'WhiteWins' | 'BlackWins' | 'Draw'
}

/** Adds a player, or learns the name of one. */
export function enroll(standings: Standings, playerId: string, username: string): Standings {
  return { ...standings, [playerId]: { ...ratingOf(standings, playerId), username } }
}

export function ratingOf(standings: Standings, playerId: string): PlayerRating {
  return standings[playerId] ?? { ...newcomer, playerId }
}

const newcomer = { username: '', rating: startRating, peakRating: startRating, wins: 0, losses: 0, draws: 0 }
const whiteScore = { WhiteWins: 1, BlackWins: 0, Draw: 0.5 } as const
const opposite = { 1: 0, 0.5: 0.5, 0: 1 } as const

/** The standings after a game: both ratings move by what they were before it. */
export function recordGame(standings: Standings, game: RatedGame): Standings {
  const [white, black] = [ratingOf(standings, game.white), ratingOf(standings, game.black)]
  const score = whiteScore[game.status]
  return {
    ...standings,
    [game.white]: afterGame(white, black.rating, score),
    [game.black]: afterGame(black, white.rating, opposite[score]),
  }
}

function afterGame(player: PlayerRating, opponentRating: number, score: Score): PlayerRating {
  const rating = ratingAfter(player.rating, opponentRating, score)
  return {
    ...player,
    rating,
    peakRating: Math.max(player.peakRating, rating),
    wins: player.wins + (score === 1 ? 1 : 0),
    losses: player.losses + (score === 0 ? 1 : 0),
    draws: player.draws + (score === 0.5 ? 1 : 0),
  }
}

function gamesOf({ wins, losses, draws }: PlayerRating): number {
  return wins + losses + draws
}

/** How many games all players have finished together. Each game has two players. */
export function ratedGames(standings: Standings): number {
  return Object.values(standings).reduce((sum, player) => sum + gamesOf(player), 0) / 2
}

/** Who has finished a game, best first; and `alsoId`, whether or not they have. */
function ranking(standings: Standings, alsoId?: string): RankedPlayer[] {
  return Object.values(standings)
    .filter((player) => gamesOf(player) > 0 || player.playerId === alsoId)
    .toSorted((a, b) => b.rating - a.rating || gamesOf(b) - gamesOf(a) || (a.playerId < b.playerId ? -1 : 1))
    .map((player, index) => ({ rank: index + 1, ...player }))
}

export function topPlayers(standings: Standings, limit: number): RankedPlayer[] {
  return ranking(standings).slice(0, limit)
}

/** The player and up to `range` neighbours on either side; empty for a stranger. */
export function playersAround(standings: Standings, playerId: string, range: number): RankedPlayer[] {
  const all = ranking(standings, playerId)
  const index = all.findIndex((player) => player.playerId === playerId)
  return index < 0 ? [] : all.slice(Math.max(0, index - range), index + range + 1)
}
