import type { WatchEvent } from '../game/watch-event.ts'
import type { PlayerEvent } from '../player/player-event.ts'
import { drawOfferJson, gameJson, moveJson } from './game-json.ts'

/** A watcher's event. The first one is the game itself, with a type beside its fields. */
export function watchEventJson(event: WatchEvent): object {
  switch (event.type) {
    case 'game':
      return { type: 'game', runner: event.runner, epoch: event.epoch, ...gameJson(event.game) }
    case 'moved':
      return { ...event, move: moveJson(event.move) }
    case 'drawOffered':
      return { ...event, ...drawOfferJson(event) }
    default:
      return event
  }
}

export function playerEventJson(event: PlayerEvent): object {
  return event.type === 'opponentMoved' ? { ...event, move: moveJson(event.move) } : event
}
