import { describe, expect, it } from 'vitest'
import { append, emptyFeed, eventsAfter } from '../../src/player/event-feed.ts'
import type { PlayerEvent } from '../../src/player/player-event.ts'
import { playerStatus } from '../../src/player/player-status.ts'

const yourTurn = (gameId: string): PlayerEvent => ({ type: 'yourTurn', gameId })

describe('the feed of a player', () => {
  it('tells a reader what it has not seen', () => {
    const feed = append(append(emptyFeed, [yourTurn('a'), yourTurn('b')]), [yourTurn('c')])

    expect(eventsAfter(feed, 0)).toEqual([yourTurn('a'), yourTurn('b'), yourTurn('c')])
    expect(eventsAfter(feed, 2)).toEqual([yourTurn('c')])
    expect(eventsAfter(feed, 3)).toEqual([])
  })

  it('keeps the newest 64', () => {
    const feed = Array.from({ length: 100 }, (_, n) => yourTurn(`${n}`)).reduce(
      (all, event) => append(all, [event]),
      emptyFeed,
    )

    expect(feed.last).toBe(100)
    expect(eventsAfter(feed, 0)).toHaveLength(64)
    expect(eventsAfter(feed, 99)).toEqual([yourTurn('99')])
  })
})

describe('the status of a player', () => {
  it.each([
    [{ isInGame: true, isInQueue: true, presence: 'Offline' }, 'InGame'],
    [{ isInGame: false, isInQueue: true, presence: 'Offline' }, 'InQueue'],
    [{ isInGame: false, isInQueue: false, presence: 'Idle' }, 'Idle'],
  ] as const)('is one word for %o: %s', (facts, status) => {
    expect(playerStatus(facts)).toBe(status)
  })
})
