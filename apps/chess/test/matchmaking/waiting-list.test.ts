import { describe, expect, it } from 'vitest'
import type { Waiting } from '../../src/matchmaking/waiting-list.ts'
import { findOpponent, positionOf, without } from '../../src/matchmaking/waiting-list.ts'

const waiting = (playerId: string, timeControl = '5+3', more: Partial<Waiting> = {}): Waiting => ({
  playerId,
  timeControl,
  since: 0,
  rating: 1200,
  accepts: {},
  ...more,
})

const list = [waiting('ann', '1+0'), waiting('bob'), waiting('cat'), waiting('dan', '15+10')]

describe('the waiting list', () => {
  it('pairs with who has waited longest for the same game', () => {
    expect(findOpponent(list, waiting('eve'))?.playerId).toBe('bob')
    expect(findOpponent(list, waiting('eve', '15+10'))?.playerId).toBe('dan')
    expect(findOpponent(list, waiting('eve', '3+0'))).toBeUndefined()
  })

  it('pairs nobody with themselves', () => {
    expect(findOpponent([waiting('ann')], waiting('ann'))).toBeUndefined()
  })

  it('pairs those who accept the rating of each other', () => {
    const strong = waiting('eve', '5+3', { rating: 1600, accepts: { min: 1500 } })
    const weak = waiting('fay', '5+3', { rating: 1100, accepts: { max: 1300 } })
    const open = waiting('gus', '5+3', { rating: 1500 })

    expect(findOpponent([strong], waiting('hal'))).toBeUndefined()
    expect(findOpponent([weak], strong)).toBeUndefined()
    expect(findOpponent([weak, open], strong)?.playerId).toBe('gus')
    expect(findOpponent([strong], open)?.playerId).toBe('eve')
    expect(findOpponent([weak], waiting('hal', '5+3', { rating: 1300 }))?.playerId).toBe('fay')
    expect(findOpponent([weak], waiting('hal', '5+3', { rating: 1301 }))).toBeUndefined()
  })

  it('counts positions for each time control', () => {
    expect(['ann', 'bob', 'cat', 'dan', 'eve'].map((id) => positionOf(list, id))).toEqual([1, 1, 2, 1, undefined])
  })

  it('closes the gap of who leaves', () => {
    expect(positionOf(without(list, 'bob'), 'cat')).toBe(1)
    expect(without(list, 'eve')).toEqual(list)
  })
})
