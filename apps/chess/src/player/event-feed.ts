import type { PlayerEvent } from './player-event.ts'

/** Newest events of a player, numbered, so that a reader of states can tell which it has not seen. */
export interface EventFeed {
  /** Number of the newest event; 0 before the first. */
  readonly last: number
  readonly recent: readonly { readonly number: number; readonly event: PlayerEvent }[]
}

/** More than anybody misses between two states. */
const capacity = 64

export const emptyFeed: EventFeed = { last: 0, recent: [] }

export function append(feed: EventFeed, events: readonly PlayerEvent[]): EventFeed {
  const added = events.map((event, index) => ({ number: feed.last + index + 1, event }))
  return { last: feed.last + events.length, recent: [...feed.recent, ...added].slice(-capacity) }
}

export function eventsAfter(feed: EventFeed, number: number): PlayerEvent[] {
  return feed.recent.filter((item) => item.number > number).map((item) => item.event)
}
