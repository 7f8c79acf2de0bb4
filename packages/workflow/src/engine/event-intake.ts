import type { ExecutionEvent } from '../protocol/execution-message.ts'
import type { RecordedEvent, Started } from '../journal/journal-entry.ts'
import type { EventArrival } from './arrival.ts'
import type { ExecutionCore } from './execution-core.ts'
import { hold, holdAgain } from './holding.ts'
import { keptBefore } from './kept-entries.ts'
import { leaveRun } from './leave-run.ts'

/** Handles an event: records it, or says why that changes nothing. */
export function take(core: ExecutionCore, arrival: EventArrival): void {
  const { recorded } = core
  const { body, call, end } = arrival
  if (core.isCalledBack(call.request.id)) return end('ended')
  if (recorded.handled.has(call.request.id)) return holdAgain(core, arrival)
  if (core.isUnknown) return end(unknown(core, body))
  if (body.kind === 'restart') return restart(core, arrival, body)
  if (recorded.ended !== undefined) return end('ended')
  return control(core, arrival)
}

/** An event of an execution that has begun and not ended. */
function control(core: ExecutionCore, arrival: EventArrival): void {
  const { body } = arrival
  switch (body.kind) {
    case 'wake':
      return hold(core, arrival, 'accepted')
    case 'pause':
      return pause(core, arrival, body.reason)
    case 'resume':
      return resume(core, arrival)
    case 'restart':
      return restart(core, arrival, body)
    default:
      return notice(core, arrival, body)
  }
}

/** An event that the body can notice. */
function notice(core: ExecutionCore, arrival: EventArrival, event: RecordedEvent): void {
  if (event.kind === 'resolve' && isResolved(core, event.name)) return arrival.end('alreadyResolved')
  // Of a run before this one.
  if ('run' in event && event.run !== core.recorded.started?.run) return arrival.end('ended')
  record(core, arrival, event)
}

function unknown(core: ExecutionCore, { kind }: ExecutionEvent): 'unknown' {
  core.scope.log.log('warn', 'An event came for an execution that does not exist; it is dropped.', { event: kind })
  return 'unknown'
}

function record(core: ExecutionCore, arrival: EventArrival, event: RecordedEvent): void {
  core.record({ kind: 'event', message: arrival.call.request.id, event, at: core.now })
  hold(core, arrival, 'accepted')
}

function isResolved({ recorded }: ExecutionCore, name: string): boolean {
  const events = recorded.entries.flatMap((entry) => {
    if (entry.kind === 'started') return entry.carried
    return entry.kind === 'event' ? [entry.event] : []
  })
  return events.some((event) => event.kind === 'resolve' && event.name === name)
}

function pause(core: ExecutionCore, arrival: EventArrival, note: string | undefined): void {
  const { recorded } = core
  if (recorded.paused === undefined) {
    core.record({ kind: 'paused', by: 'user', note, at: core.now })
    core.listing.put(note)
  }
  hold(core, arrival, 'accepted')
}

function resume(core: ExecutionCore, arrival: EventArrival): void {
  const { recorded } = core
  if (recorded.paused !== undefined) {
    core.record({ kind: 'resumed', at: core.now })
    core.listing.put()
  }
  hold(core, arrival, 'accepted')
}

type Restart = Extract<ExecutionEvent, { kind: 'restart' }>

function restart(core: ExecutionCore, arrival: EventArrival, { beforeStep, version }: Restart): void {
  const { recorded } = core
  const before = recorded.started
  if (before === undefined) return
  const { kept, carried } = keptBefore(recorded.entries, beforeStep)
  leaveRun(core)
  core.dropRun('the execution was restarted')
  const started: Started = {
    ...before,
    version: version ?? before.version,
    run: before.run + 1,
    at: core.now,
    carried: [...before.carried, ...carried],
    handled: [...new Set([...recorded.recentlyHandled, ...core.held.ids, arrival.call.request.id])],
  }
  recorded.begin([started, ...kept])
  core.listing.put()
  hold(core, arrival, 'accepted')
}
