import type { ChessClients } from '../chess-clients.ts'
import { ApiError } from './api-error.ts'
import { playerEventJson, watchEventJson } from './event-json.ts'
import { pathId } from './read-request.ts'

/** Messages of a WebSocket, as JSON values. */
export type Feed = AsyncIterable<object>

/** Finds what a WebSocket wants to listen to. @throws ApiError or a declared error when there is no such thing. */
export type OpenFeed = (path: string, signal: AbortSignal) => Promise<Feed>

const watchPath = /^\/api\/v1\/games\/([^/]+)\/watch$/
const eventsPath = /^\/api\/v1\/players\/([^/]+)\/events$/

export function feeds(clients: ChessClients): OpenFeed {
  return async (path, signal) => {
    const [, game] = watchPath.exec(path) ?? []
    if (game !== undefined) {
      const id = pathId(game, 'game')
      await clients.game(id).getGame()
      return mapped(clients.game(id).watch(undefined, { signal }), watchEventJson)
    }
    const [, player] = eventsPath.exec(path) ?? []
    if (player !== undefined) {
      const id = pathId(player, 'player')
      await clients.profile(id).getProfile()
      return mapped(clients.session(id).events(undefined, { signal }), playerEventJson)
    }
    throw new ApiError(404, 'NOT_FOUND', `There is no WebSocket at ${path}.`)
  }
}

async function* mapped<Value>(values: AsyncIterable<Value>, toJson: (value: Value) => object): Feed {
  for await (const value of values) yield toJson(value)
}
