import { RunnerUnavailable, isCrusterError, isDeclaredError } from '@cruster/core'
import { measureCall } from './call-telemetry.ts'
import { isDefect, meaningOf, passes } from './failure.ts'
import type { Job, JobOutcome } from './job.ts'
import { record } from './record.ts'
import { failedDelivery, failureExit, handlerFailureExit, repeatedExit } from './recorded-outcome.ts'
import type { Attempt, RunOwner } from './run.ts'
import { Run } from './run.ts'
import type { Aftermath, RunEnd } from './run-end.ts'
import { ended } from './run-end.ts'
import type { EntityState } from './state-record.ts'

/**
 * Runs a job from its first look at recorded outcomes to the commit of its own. `freeLane` is called when the next job
 * may start, which is before the commit is answered wherever the commit can be refused together with what follows.
 */
export async function runJob(owner: RunOwner, job: Job, freeLane: () => void): Promise<RunEnd> {
  job.phase = 'running'
  try {
    const known = job.lookup ? await recordedExit(owner, job) : undefined
    if (known !== undefined) return ended({ kind: 'exit', exit: known })
    if (isOver(job)) return ended({ kind: 'notMine' })
    if (!owner.host.mayExecute()) return ended(turnedAway(job))
  } catch (error) {
    return ended(failedDelivery(job, error))
  }
  const run = new Run(owner, job)
  const measured = measureCall(owner.host.services, job)
  const execution = run.execute()
  const attempt = execution instanceof Promise ? await execution : execution
  measured(attempt)
  try {
    return await conclude(run, attempt, freeLane)
  } catch (error) {
    // The commit may have happened or not: what is stored decides, for the caller's retry as for the entity's state.
    return ended(failedDelivery(job, error), 'reset')
  } finally {
    const ending = run.end()
    if (ending !== undefined) await ending
  }
}

/**
 * Runs a job of which nothing is recorded. Nothing has to be looked up before it or stored after it, so it waits for its
 * handler alone. `onEnd` is called once: before this returns, if the handler is done by then.
 */
export function runVolatileJob(owner: RunOwner, job: Job, onEnd: (end: RunEnd) => void): void {
  job.phase = 'running'
  if (!owner.host.mayExecute()) return onEnd(ended(turnedAway(job)))
  const run = new Run(owner, job)
  const measured = measureCall(owner.host.services, job)
  const finish = (attempt: Attempt): void => {
    run.isOver = true
    measured(attempt)
    onEnd(volatileEnd(run, attempt))
  }
  const attempt = run.execute()
  if (attempt instanceof Promise) void attempt.then(finish)
  else finish(attempt)
}

function volatileEnd(run: Run, attempt: Attempt): RunEnd {
  if (isOver(run.job)) return ended({ kind: 'notMine' })
  if (attempt.kind === 'returned') return ended({ kind: 'exit', exit: attempt.exit })
  logFailure(run, attempt.error)
  return ended({ kind: 'exit', exit: exitOf(run, attempt.error) }, isDefect(attempt.error) ? 'restart' : 'nothing')
}

async function recordedExit(owner: RunOwner, job: Job): Promise<Uint8Array | undefined> {
  const recent = owner.recent.get(job.request.id)
  const recorded = recent ?? (await owner.host.services.storage.replies.find(job.request.id))
  return recorded === undefined ? undefined : repeatedExit(job.request, recorded)
}

async function conclude(run: Run, attempt: Attempt, freeLane: () => void): Promise<RunEnd> {
  const { job } = run
  if (isOver(job)) return ended({ kind: 'notMine' })
  if (attempt.kind === 'threw') return concludeFailure(run, attempt.error, freeLane)
  let next: EntityState
  try {
    const finished = run.finish()
    next = finished instanceof Promise ? await finished : finished
  } catch (error) {
    return concludeFailure(run, error, freeLane)
  }
  return record(run, { exit: attempt.exit, next, sent: run.sent, freeLane })
}

/** Whether it was ended from outside, as by the loss of its shard: nothing of it may begin any more. */
function isOver({ phase }: Job): boolean {
  return phase === 'ended'
}

/** Another runner may own the shard already: it did not begin, and whoever does own the shard has to run it. */
function turnedAway(job: Job): JobOutcome {
  if (job.stored === undefined) return { kind: 'notMine' }
  const error = new RunnerUnavailable('of this process', { outcome: 'not-started', cause: 'its lease is not certain' })
  return { kind: 'redeliver', error, isOutage: true }
}

async function concludeFailure(run: Run, error: unknown, freeLane: () => void): Promise<RunEnd> {
  const { job } = run
  if (wasMoved(job, error))
    return ended(job.stored === undefined ? { kind: 'notMine', mayHaveStarted: true } : { kind: 'redeliver', error })
  const aftermath = isDefect(error) ? 'restart' : 'nothing'
  logFailure(run, error)
  switch (meaningOf(error, job.delivery)) {
    case 'redeliver':
      return ended({ kind: 'redeliver', error, isOutage: run.askedTx?.couldNotOpen(error) === true }, aftermath)
    case 'answer':
      return ended({ kind: 'exit', exit: exitOf(run, error) }, aftermath)
    case 'record':
      return withAftermath(await recordFailure(run, error, freeLane), aftermath)
  }
}

async function recordFailure(run: Run, error: unknown, freeLane: () => void): Promise<RunEnd> {
  // Rolled back first: while it is open, other commits may have to wait for it.
  await run.askedTx?.end()
  const next = run.owner.cell.working.value
  return record(run, { exit: exitOf(run, error), next, sent: undefined, freeLane })
}

function exitOf(run: Run, error: unknown): Uint8Array {
  return run.hasBegun ? handlerFailureExit(error) : failureExit(error)
}

/** Callers get name and message; the stack stays here. What a contract declares is nobody's mistake. */
function logFailure(run: Run, error: unknown): void {
  if (isDeclaredError(error) || isCrusterError(error)) return
  if (isDefect(error)) run.log.log('error', 'A handler failed with a defect; its entity is made anew.', { error })
  else run.log.log('warn', 'A handler failed with an error that its contract does not declare.', { error })
}

function withAftermath(end: RunEnd, aftermath: Aftermath): RunEnd {
  return end.kind === 'ended' && end.aftermath === 'nothing' ? { ...end, aftermath } : end
}

/**
 * The run was stopped for a hand-over, and dropped what it had done: the next owner runs the request anew. What a stopped
 * handler throws is the reason itself, or trouble that follows from it, such as a transaction that is not begun any more.
 */
function wasMoved(job: Job, error: unknown): boolean {
  const { reason } = job.signal
  return job.isRecorded && reason instanceof RunnerUnavailable && (reason === error || passes(error))
}
