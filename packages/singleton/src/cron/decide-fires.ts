import type { Timetable } from './timetable.ts'

/** How fires that are late are treated. */
export interface CatchUp {
  /** Fires that are later than this are missed. */
  readonly catchUpMs: number
  /** Of several late fires: run each of them, or only the newest. */
  readonly backfill: 'all' | 'latest'
}

/** The part of time that is to be decided: after `cursor`, up to and including `horizon`. */
export interface Span {
  readonly cursor: number
  readonly horizon: number
  /** The time by which lateness is measured. */
  readonly now: number
}

/** Fires that will not be made, because they are too late. */
export interface Missed {
  readonly count: number
  readonly first: number
  readonly last: number
}

/** What is to be done about a part of time. */
export interface Decision {
  /** Times to fire for, oldest first. */
  readonly fires: readonly number[]
  readonly missed: Missed | undefined
  /** Up to here everything has been decided. */
  readonly cursor: number
  /** The next time: later than the cursor, and perhaps past already when there was too much for one decision. */
  readonly next: number | undefined
}

/** Fires of one decision: what does not fit follows in the next one. */
export const mostFires = 100
/** Missed fires that are counted in one decision. */
const mostMissed = 10_000

/**
 * Which times of a timetable to fire for. A pure function: the same state of a schedule and the same moment always give the
 * same decision, whoever makes it.
 *
 * D1 each time after the first cursor is decided once: it is in `fires`, or counted in `missed`. D2 `cursor` only grows.
 */
export function decideFires(table: Timetable, span: Span, policy: CatchUp): Decision {
  const oldest = span.now - policy.catchUpMs
  const missed = new MissedFires()
  const fires: number[] = []
  let { cursor } = span
  let next = table.after(cursor)
  while (next !== undefined && next <= span.horizon && fires.length < mostFires && missed.count < mostMissed) {
    if (next < oldest) missed.add(next)
    else if (policy.backfill === 'latest' && fires.length > 0) missed.add(fires.splice(0, 1, next)[0] ?? next)
    else fires.push(next)
    cursor = next
    next = table.after(cursor)
  }
  return { fires, missed: missed.all, cursor, next }
}

class MissedFires {
  all: Missed | undefined

  get count(): number {
    return this.all?.count ?? 0
  }

  add(time: number): void {
    this.all = { count: this.count + 1, first: this.all?.first ?? time, last: time }
  }
}
