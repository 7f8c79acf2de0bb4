import pg from 'pg'
import type { ClientConfig } from 'pg'

/** Listens on a channel until the signal aborts, or rejects when the connection is lost. */
export type ListenerFactory = (
  channel: string,
  signal: AbortSignal,
  onNotification: (payload: string) => void,
) => Promise<void>

/** Listens on connections of its own: a LISTEN belongs to its session. */
export function pgListener(client: ClientConfig): ListenerFactory {
  return async (channel, signal, onNotification) => {
    const connection = new pg.Client({ keepAlive: true, ...client })
    const ended = new Promise<void>((resolve, reject) => {
      connection.on('error', reject)
      connection.on('end', resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    // It is waited for below, but may fail before.
    ended.catch(() => undefined)
    connection.on('notification', ({ payload = '' }) => onNotification(payload))
    try {
      await connection.connect()
      await connection.query(`listen ${pg.escapeIdentifier(channel)}`)
      await ended
    } finally {
      await connection.end().catch(() => undefined)
    }
  }
}
