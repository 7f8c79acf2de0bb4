import type { ChessTime } from '../chess-time.ts'
import { Matchmaking, matchmakingId } from '../matchmaking/matchmaking.contract.ts'
import { append, eventsAfter } from './event-feed.ts'
import type { Presence } from './player-session.contract.ts'
import { PlayerSession } from './player-session.contract.ts'

const idleAfterMs = 5 * 60_000

/** How long a player whose connection broke keeps the place in the queue. */
const patience = '30s'

export const playerSession = PlayerSession.implement((time: ChessTime) => ({
  touch({ state }) {
    state.lastSeenAt = time.now()
  },

  getPresence: ({ state }): Presence => {
    const isQuiet = state.lastSeenAt === null || time.now() - state.lastSeenAt > idleAfterMs
    if (state.listeners > 0) return isQuiet ? 'Idle' : 'Online'
    return isQuiet ? 'Offline' : 'Online'
  },

  deliver({ state }, events) {
    state.feed = append(state.feed, events)
  },

  async *events({ self, changes, resume }) {
    await self.listenerCame()
    try {
      // A reader from a former owner gets what this fresh feed has; a new one only what comes.
      let seen = resume === undefined ? undefined : 0
      for await (const { feed } of changes()) {
        yield* eventsAfter(feed, seen ?? feed.last)
        seen = feed.last
      }
    } finally {
      await self.listenerWent()
    }
  },

  listenerCame({ state }) {
    state.listeners += 1
    state.lastSeenAt = time.now()
  },

  async listenerWent({ id, state, client }) {
    state.listeners = Math.max(0, state.listeners - 1)
    if (state.listeners > 0) return
    state.lastSeenAt = null
    await client(PlayerSession).schedule(id, { after: patience }).giveUp()
  },

  async giveUp({ id, state, client }) {
    if (state.listeners > 0 || state.lastSeenAt !== null) return
    await client(Matchmaking).notify(matchmakingId).withdraw({ playerId: id })
  },
}))
