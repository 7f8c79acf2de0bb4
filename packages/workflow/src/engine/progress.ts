import { NonDeterminismError } from '@cruster/core'
import type { Disagreement } from '@cruster/core'
import type { Started } from '../journal/journal-entry.ts'
import { RunEnded } from '../journal/new-entries.ts'
import type { Operation } from '../replay/operation.ts'
import type { Task } from '../context/task.ts'
import type { AttemptArrivals } from './attempt.ts'
import { startAttempt } from './attempts.ts'
import type { BodyEnd } from './body.ts'
import type { ExecutionCore } from './execution-core.ts'
import { leaveRun } from './leave-run.ts'
import { givenUp } from './given-up.ts'
import type { LiveRun } from './live-run.ts'
import { save } from './outgoing.ts'
import { childEnded } from './start-intake.ts'

/**
 * What follows when everything that is recorded was delivered.
 *
 * - `again`: something was recorded; look again.
 * - `busy`: attempts are under way, or the body waits for something that is not recorded.
 * - `rest`: nothing is left to be done until something comes.
 */
export type Progress = 'again' | 'busy' | 'rest'

/** Goes on with a run that has nothing to deliver. */
export function progress(core: ExecutionCore, run: LiveRun, arrivals: AttemptArrivals): Progress | Promise<Progress> {
  release(core, run)
  if (core.recorded.paused !== undefined) return attend(core, run, { ready: [], arrivals })
  if (run.scope.continueWith !== undefined) return continueAsNew(core, run, run.scope.continueWith)
  if (run.end !== undefined) return finish(core, run, run.end)
  if (core.isDraining) return attend(core, run, { ready: [], arrivals })
  const { ready } = run
  if (ready.length > 0 && begin(core, ready)) return 'again'
  return attend(core, run, { ready, arrivals })
}

interface Work {
  /** Operations of which an attempt is to begin. */
  readonly ready: readonly Operation<Task>[]
  readonly arrivals: AttemptArrivals
}

/** Stores what has to be, then begins attempts; or rests, when there are none. */
function attend(core: ExecutionCore, run: LiveRun, work: Work): Progress | Promise<Progress> {
  if (run.attempts.size === 0 && work.ready.length === 0) return rest(core, run)
  // What an attempt does must not rest on something that a crash would undo.
  if (core.recorded.writer.isTrivial && !core.held.isUrgent) return startAttempts(core, work)
  // The transaction of an attempt stores it, or its end makes room.
  if (!core.gate.isFree) return 'busy'
  return core.storeRunning().then(() => startAttempts(core, work))
}

function startAttempts(core: ExecutionCore, { ready, arrivals }: Work): Progress {
  if (!core.scope.mayExecute()) throw givenUp(core, 'its lease is not certain')
  for (const operation of ready) startAttempt(core, operation, arrivals)
  return 'busy'
}

/** The body and the journal disagree: nothing goes on until somebody resumes it. */
export async function pauseOnMismatch(core: ExecutionCore, disagreement: Disagreement): Promise<void> {
  const error = new NonDeterminismError(disagreement)
  core.scope.log.log('error', error.message, { error })
  core.dropRun('the execution was paused')
  core.record({ kind: 'paused', by: 'mismatch', note: error.message, at: core.now })
  core.listing.put(error.message)
  await core.storeAll()
}

/** Operations that have ended need neither their timers nor their attempts. */
function release(core: ExecutionCore, run: LiveRun): void {
  const { arrivals } = run.replay
  for (const operation of run.replay.takeClosed()) {
    for (const child of arrivals.attached) {
      if (child.step !== operation.step || operation.kind !== 'child') continue
      core.recorded.writer.also(save(core.outgoing.tell(child, { kind: 'cancel', reason: 'its parent was cancelled' })))
    }
    run.attempts.get(operation.step)?.abort(givenUp(core, 'nobody waits for its result any more'))
    run.attempts.delete(operation.step)
    if (operation.timer !== undefined) {
      core.recorded.writer.also(...core.callBack(operation.timer))
    }
  }
}

/** Records what begins with a record. True when there was something. */
function begin(core: ExecutionCore, ready: readonly Operation<Task>[]): boolean {
  const starter = core.starter()
  let hasBegun = false
  for (const operation of ready) {
    const begun = isTooLarge(core) ? tooLarge(core, operation) : starter.begin(operation)
    if (begun === undefined) continue
    hasBegun = true
    for (const entry of begun.entries) core.record(entry)
    core.recorded.writer.also(...begun.operations)
  }
  return hasBegun
}

function isTooLarge({ recorded, program, run }: ExecutionCore): boolean {
  const { size, bytes } = recorded.writer
  const { maxEntries, maxBytes } = program.limits
  // What undoes the work has to be possible still.
  return (size >= maxEntries || bytes >= maxBytes) && run?.replay.cancellation.isShielded !== true
}

function tooLarge(core: ExecutionCore, operation: Operation<Task>) {
  const { size, bytes } = core.recorded.writer
  return { entries: [core.starter().tooLarge(operation, { entries: size, bytes })], operations: [] }
}

async function rest(core: ExecutionCore, run: LiveRun): Promise<Progress> {
  const isHeldUp = core.recorded.paused !== undefined
  if (!isHeldUp && core.isDraining && (run.ready.length > 0 || run.waitsForNothing)) {
    // It goes on at the next owner, where the message comes again that is kept.
    await core.storeRunning()
    return 'rest'
  }
  if (!isHeldUp && run.waitsForNothing) {
    core.warnOfWait()
    if (!core.recorded.writer.isTrivial) await core.storeRunning()
    return 'busy'
  }
  await core.storeAll()
  return 'rest'
}

async function finish(core: ExecutionCore, run: LiveRun, end: BodyEnd): Promise<Progress> {
  const { recorded } = core
  warnOfOpen(core, run)
  leaveRun(core)
  const { status, exit, note } = end
  core.record(new RunEnded(end, core.now))
  core.listing.put(note)
  for (const parent of recorded.started?.parents ?? []) recorded.writer.also(save(childEnded(core, parent, exit)))
  for (const entry of recorded.entries)
    if (entry.kind === 'joined') recorded.writer.also(save(childEnded(core, entry.parent, exit)))
  core.dropRun('the execution has ended')
  await core.storeAll()
  core.waiters.answer({ kind: 'ended', status, exit })
  return 'rest'
}

function warnOfOpen(core: ExecutionCore, run: LiveRun): void {
  if (!run.replay.hasOpen) return
  const open = [...run.replay.open].filter(({ task }) => task.kind === 'attempt').map(({ name }) => name)
  if (open.length === 0) return
  core.scope.log.log('warn', 'A workflow has ended and not waited for all that it began; the rest is given up.', {
    open,
  })
}

/** The next run begins with what nobody has taken of this one. */
async function continueAsNew(core: ExecutionCore, run: LiveRun, input: Uint8Array): Promise<Progress> {
  const { recorded, registry } = core
  const before = run.replay.started
  leaveRun(core, 'its parent continues as new')
  core.dropRun('the execution continues as new')
  const started: Started = {
    ...before,
    version: registry.newest()?.version ?? before.version,
    run: before.run + 1,
    input,
    parents: [...before.parents, ...recorded.entries.flatMap((each) => (each.kind === 'joined' ? [each.parent] : []))],
    carried: run.replay.arrivals.untaken(),
    handled: [...new Set([...recorded.recentlyHandled, ...core.held.ids])],
  }
  recorded.begin([started])
  core.listing.put()
  await core.storeRunning()
  return 'again'
}
