import type { InboxEntry } from './inbox-entry.ts'
import type { StoredMessage } from '@cruster/core/ports'

/** When a message that was just read or pushed is or was due, on the monotonic clock. */
export function dueTime(message: StoredMessage, now: { readonly monotonic: number; readonly wall: number }): number {
  if (message.dueInMs > 0) return now.monotonic + message.dueInMs
  const dueSince = Math.max(message.storedAt, message.deliverAt ?? 0)
  return now.monotonic - Math.max(0, now.wall - dueSince)
}

/**
 * Since when the longest waiting message could have been begun, on the monotonic clock; undefined when none waits. Those in a
 * pause after a failed delivery do not count, nor what is behind them; and those that run have begun.
 */
export function oldestWaiting(
  entries: Iterable<InboxEntry>,
  now: number,
  isHeldBack: (entry: InboxEntry) => boolean,
): number | undefined {
  let oldest: number | undefined
  for (const entry of entries) {
    if (entry.dueAt > now || entry.dueAt >= (oldest ?? Infinity)) continue
    const waits = entry.phase === 'queued' ? !isHeldBack(entry) : entry.phase === 'running' && !hasBegun(entry)
    if (waits) oldest = entry.dueAt
  }
  return oldest
}

const hasBegun = ({ job }: InboxEntry): boolean => job.phase !== 'waiting'
