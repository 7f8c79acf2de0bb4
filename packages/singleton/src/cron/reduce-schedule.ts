import { decideFires } from './decide-fires.ts'
import { ScheduleDraft } from './schedule-draft.ts'
import type { Moment, ScheduleEvent, ScheduleTransition } from './schedule-event.ts'
import { mostQueued } from './schedule-event.ts'
import type { ScheduleState } from './schedule-state.ts'
import type { Timetable } from './timetable.ts'
import { timetable } from './timetable.ts'

/**
 * The life of a schedule. Pure: the new state and what has to be sent are stored in one unit, with the end of the message that
 * was the event, so that each event counts once.
 *
 * Invariants: C1 a time is decided once (`cursor`). C2 a schedule that is neither paused nor deleted has a wake on its way
 * unless its timetable has ended. C3 with another overlap than `allow`, at most one run is active. C4 each run ends in the
 * history once, and an attempt that the state does not know changes nothing.
 */
export function reduceSchedule(state: ScheduleState, event: ScheduleEvent, moment: Moment): ScheduleTransition {
  const draft = new ScheduleDraft(state, moment)
  apply(draft, event)
  return draft.done()
}

type Of<Kind extends ScheduleEvent['kind']> = Extract<ScheduleEvent, { readonly kind: Kind }>

const transitions: { readonly [Kind in ScheduleEvent['kind']]: (draft: ScheduleDraft, event: Of<Kind>) => void } = {
  put,
  delete: (draft) => draft.delete(),
  pause: (draft, { reason }) => draft.pause(reason),
  resume,
  wakeLost: (draft) => draft.wakeFor(draft.state.next?.at),
  wake: (draft, { wake }) => {
    if (wake === draft.state.next?.wake) look(draft)
  },
  ended: (draft, event) => draft.ended(event),
  trigger: (draft) => draft.fire(draft.now, 'trigger'),
  backfill,
}

function apply<Kind extends ScheduleEvent['kind']>(draft: ScheduleDraft, event: Of<Kind> & { kind: Kind }): void {
  transitions[event.kind](draft, event)
}

function put(draft: ScheduleDraft, { spec }: Of<'put'>): void {
  const { spec: before, paused, next } = draft.state
  const hasSameTimes = before?.schedule === spec.schedule && before.timeZone === spec.timeZone
  draft.change(spec)
  if (hasSameTimes && (next !== undefined || paused !== undefined)) return
  draft.decided(Math.max(draft.state.cursor, draft.now))
  if (paused === undefined) draft.wakeFor(timetable(spec).after(draft.state.cursor))
}

/** Fires of the time of the pause are not made up for. */
function resume(draft: ScheduleDraft): void {
  const { paused, spec, cursor } = draft.state
  if (paused === undefined || spec === undefined) return
  draft.resume()
  draft.decided(Math.max(cursor, draft.now))
  draft.wakeFor(timetable(spec).after(draft.state.cursor))
}

function look(draft: ScheduleDraft): void {
  const { spec, next, cursor } = draft.state
  if (spec === undefined || next === undefined) return
  // A clock behind the one that said that the time had come must not decide that it has not.
  const span = { cursor, horizon: Math.max(draft.now, next.at), now: draft.now }
  const decision = decideFires(timetable(spec), span, spec)
  draft.decided(decision.cursor)
  if (decision.missed !== undefined) draft.missed(decision.missed)
  for (const time of decision.fires) draft.fire(time, 'schedule')
  draft.wakeFor(decision.next)
}

function backfill(draft: ScheduleDraft, { from, to }: Of<'backfill'>): void {
  const { spec } = draft.state
  if (spec === undefined) return
  for (const time of timesBetween(timetable(spec), from, to)) draft.fire(time, 'backfill')
}

/** At most {@link mostQueued} times after `from`, up to and including `to`. */
function timesBetween(table: Timetable, from: number, to: number): readonly number[] {
  const times: number[] = []
  let time = table.after(from)
  while (time !== undefined && time <= to && times.length < mostQueued) {
    times.push(time)
    time = table.after(time)
  }
  return times
}
