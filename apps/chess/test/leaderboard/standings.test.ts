import { describe, expect, it } from 'vitest'
import { ratingAfter } from '../../src/leaderboard/elo.ts'
import type { Standings } from '../../src/leaderboard/standings.ts'
import { enroll, playersAround, ratingOf, recordGame, topPlayers } from '../../src/leaderboard/standings.ts'

const names = ['ann', 'bob', 'cat', 'dan'] as const
const players = names.reduce<Standings>((standings, name) => enroll(standings, name, name.toUpperCase()), {})

describe('ELO', () => {
  it.each([
    [1200, 1200, 1, 1216],
    [1200, 1200, 0, 1184],
    [1200, 1200, 0.5, 1200],
    [1600, 1200, 1, 1603],
    [1200, 1600, 1, 1229],
    [1400, 1200, 0.5, 1392],
  ] as const)('turns %i against %i with %f points into %i', (...row) => {
    const [own, opponent, score, rating] = row

    expect(ratingAfter(own, opponent, score)).toBe(rating)
  })
})

describe('the standings', () => {
  it('move both players of a game by their ratings before it', () => {
    const standings = recordGame(players, { white: 'ann', black: 'bob', status: 'WhiteWins' })

    expect(standings['ann']).toMatchObject({ rating: 1216, peakRating: 1216, wins: 1, losses: 0, draws: 0 })
    expect(standings['bob']).toMatchObject({ rating: 1184, peakRating: 1200, wins: 0, losses: 1, draws: 0 })
  })

  it('count a draw for both', () => {
    const standings = recordGame(players, { white: 'ann', black: 'bob', status: 'Draw' })

    expect(standings['ann']).toMatchObject({ rating: 1200, draws: 1 })
    expect(standings['bob']).toMatchObject({ rating: 1200, draws: 1 })
  })

  it('keep the highest rating a player had', () => {
    const won = recordGame(players, { white: 'ann', black: 'bob', status: 'WhiteWins' })
    const lost = recordGame(won, { white: 'ann', black: 'bob', status: 'BlackWins' })

    expect(lost['ann']).toMatchObject({ peakRating: 1216, wins: 1, losses: 1 })
    expect(lost['ann']!.rating).toBeLessThan(1216)
  })

  it('rank those who have played, best first', () => {
    const first = recordGame(players, { white: 'ann', black: 'bob', status: 'WhiteWins' })
    const standings = recordGame(first, { white: 'cat', black: 'ann', status: 'WhiteWins' })

    expect(topPlayers(standings, 10).map(({ rank, username }) => [rank, username])).toEqual([
      [1, 'CAT'],
      [2, 'ANN'],
      [3, 'BOB'],
    ])
    expect(topPlayers(standings, 1)).toHaveLength(1)
  })

  it('show a player among neighbours, also before the first game', () => {
    const standings = recordGame(players, { white: 'ann', black: 'bob', status: 'WhiteWins' })

    expect(playersAround(standings, 'bob', 1).map(({ playerId }) => playerId)).toEqual(['ann', 'bob'])
    expect(playersAround(standings, 'dan', 1).map(({ playerId }) => playerId)).toEqual(['ann', 'dan', 'bob'])
    expect(playersAround(standings, 'stranger', 1)).toEqual([])
  })

  it('rate a stranger like a newcomer', () => {
    expect(ratingOf(players, 'stranger')).toMatchObject({ rating: 1200, username: '' })
  })
})
