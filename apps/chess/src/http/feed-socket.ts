import type { WebSocket } from 'ws'
import type { Feed } from './feeds.ts'

/** What a socket is closed with: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
export const closeCodes = { done: 1000, goingAway: 1001, failed: 1011 } as const

const open = 1

/** Sends everything that comes, each value when the one before has left; then closes. Never rejects. */
export async function pump(socket: WebSocket, feed: Feed, onDefect: (error: unknown) => void): Promise<void> {
  try {
    for await (const value of feed) {
      if (socket.readyState !== open) return
      await send(socket, JSON.stringify(value))
    }
    socket.close(closeCodes.done, 'that is all')
  } catch (error) {
    if (socket.readyState !== open) return
    onDefect(error)
    socket.close(closeCodes.failed, 'the feed broke: connect again')
  }
}

/** Resolves when the text has been handed to the system, which is what slows a feed down to its reader. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    // A socket that is gone closes, and its feed is aborted by that.
    socket.send(text, () => resolve())
  })
}
