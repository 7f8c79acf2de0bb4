import { activity, defineEntity, memory, rpc, stream } from '@cruster/core'
import type { EventFeed } from './event-feed.ts'
import { emptyFeed } from './event-feed.ts'
import type { PlayerEvent } from './player-event.ts'

/** Whether somebody is there. */
export type Presence = 'Online' | 'Idle' | 'Offline'

export interface Session {
  /** Open event streams. */
  listeners: number
  /** Milliseconds since 1970; null after the last listener has gone. */
  lastSeenAt: number | null
  feed: EventFeed
}

/** The presence of a player, in memory only: a crash or five quiet minutes forget it, and nothing of value is lost. */
export const PlayerSession = defineEntity('PlayerSession', {
  state: memory((): Session => ({ listeners: 0, lastSeenAt: null, feed: emptyFeed })),
  maxIdleTime: '5 minutes',
  methods: {
    /** The player did something. */
    touch: activity(),
    getPresence: rpc<void, Presence>(),
    deliver: activity<readonly PlayerEvent[]>({ visibility: 'protected' }),
    /** News from now on. */
    events: stream<void, PlayerEvent>(),
    listenerCame: activity({ visibility: 'private' }),
    listenerWent: activity({ visibility: 'private' }),
    /** Takes a player who has not come back out of the queue. */
    giveUp: activity({ visibility: 'protected' }),
  },
})
