import type { JournalEntry, RecordedEvent } from '../journal/journal-entry.ts'
import { stepOf } from '../journal/journal-entry.ts'

/** What a restart or a copy takes over from a journal. */
export interface KeptEntries {
  /** Without the start. */
  readonly kept: readonly JournalEntry[]
  /** Signals and values that had come later. */
  readonly carried: readonly RecordedEvent[]
}

/**
 * The part of a journal before a step, to go on from. Waits that had not ended then begin anew, because their messages belong to
 * the old run. Pauses and the end are left out.
 */
export function keptBefore(entries: readonly JournalEntry[], step = 0): KeptEntries {
  const cut = entries.findIndex((entry) => (stepOf(entry)?.step ?? 0) >= Math.max(1, step))
  const before = entries.slice(1, cut === -1 ? undefined : cut)
  const after = cut === -1 ? [] : entries.slice(cut)
  const ended = endedSteps(before)
  return {
    kept: step <= 1 ? [] : before.filter((entry) => isKept(entry, ended)),
    carried: (step <= 1 ? entries : after).flatMap((entry) => (entry.kind === 'event' ? carriedOf(entry.event) : [])),
  }
}

function endedSteps(entries: readonly JournalEntry[]): ReadonlySet<number> {
  return new Set(
    entries.flatMap((entry) => {
      if (entry.kind === 'done') return [entry.step]
      if (entry.kind !== 'event') return []
      const { event } = entry
      return event.kind === 'timer' || event.kind === 'childEnded' ? [event.step] : []
    }),
  )
}

function isKept(entry: JournalEntry, ended: ReadonlySet<number>): boolean {
  switch (entry.kind) {
    case 'waiting':
    case 'attemptFailed':
    case 'heartbeat':
      return ended.has(entry.step)
    case 'value':
    case 'done':
      return true
    case 'event':
      return entry.event.kind !== 'cancel'
    default:
      return false
  }
}

function carriedOf(event: RecordedEvent): readonly RecordedEvent[] {
  return event.kind === 'signal' || event.kind === 'resolve' ? [event] : []
}
