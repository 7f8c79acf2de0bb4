import type { RequestId } from '@cruster/core'
import type { Operation } from '@cruster/core/ports'
import type { JournalEntry, StartedChild } from '../journal/journal-entry.ts'
import type { ExecutionCore } from './execution-core.ts'
import { save } from './outgoing.ts'

/** Calls back the messages of a run that is over: its timers are cancelled, and so are its children. */
export function leaveRun(core: ExecutionCore, reason = 'its parent has ended'): void {
  const { entries, writer } = core.recorded
  const operations: Operation[] = []
  for (const timer of openTimers(entries)) operations.push(...core.callBack(timer))
  for (const child of attachedChildren(entries)) {
    operations.push(save(core.outgoing.tell(child, { kind: 'cancel', reason })))
  }
  if (operations.length > 0) writer.also(...operations)
}

function openTimers(entries: readonly JournalEntry[]): readonly RequestId[] {
  // Most runs have none, and end the sooner.
  if (!entries.some(({ kind }) => kind === 'waiting' || kind === 'attemptFailed')) return []
  const timers = new Map<number, RequestId | undefined>()
  for (const entry of entries) {
    if (entry.kind === 'waiting' || entry.kind === 'attemptFailed') timers.set(entry.step, entry.timer)
    if (entry.kind === 'done') timers.delete(entry.step)
    if (entry.kind === 'event' && entry.event.kind === 'timer') timers.delete(entry.event.step)
  }
  return [...timers.values()].filter((timer) => timer !== undefined)
}

function attachedChildren(entries: readonly JournalEntry[]): readonly StartedChild[] {
  if (!entries.some(({ kind }) => kind === 'waiting')) return []
  const children = new Map<number, StartedChild>()
  for (const entry of entries) {
    if (entry.kind === 'waiting' && entry.child?.detached === false) children.set(entry.step, entry.child)
    if (entry.kind === 'event' && entry.event.kind === 'childEnded') children.delete(entry.event.step)
  }
  return [...children.values()]
}
