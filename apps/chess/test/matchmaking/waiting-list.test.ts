import { describe, expect, it } from 'vitest'
import { findOpponent, positionOf, without } from '../../src/matchmaking/waiting-list.ts'

const waiting = (playerId: string, timeControl = '5+3') => ({ playerId, timeControl, since: 0 })

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

  it('counts positions for each time control', () => {
    expect(['ann', 'bob', 'cat', 'dan', 'eve'].map((id) => positionOf(list, id))).toEqual([1, 1, 2, 1, undefined])
  })

  it('closes the gap of who leaves', () => {
    expect(positionOf(without(list, 'bob'), 'cat')).toBe(1)
    expect(without(list, 'eve')).toEqual(list)
  })
})
