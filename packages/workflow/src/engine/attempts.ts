import type { ErrorData } from '@cruster/core'
import { ActivityFailed, StorageError, encodeError, isCrusterError } from '@cruster/core'
import type { JournalEntry } from '../journal/journal-entry.ts'
import type { Operation } from '../replay/operation.ts'
import type { AttemptTask, Task } from '../context/task.ts'
import type { AttemptArrivals, AttemptResult } from './attempt.ts'
import { Attempt } from './attempt.ts'
import type { AttemptTransaction } from './attempt-transaction.ts'
import type { ExecutionCore } from './execution-core.ts'
import { save } from './outgoing.ts'
import { retryAfterMs } from './retry-decision.ts'

/** Starts an attempt of an operation. */
export function startAttempt(core: ExecutionCore, operation: Operation<Task>, arrivals: AttemptArrivals): void {
  const { run, scope, program } = core
  const { task } = operation
  if (run === undefined || task.kind !== 'attempt') return
  operation.become('running')
  const { gate } = core
  run.host ??= { arrivals, scope, gate, workflow: program.workflow, run: run.replay.started.run }
  const attempt = new Attempt(run.host, operation, task)
  run.attempts.set(operation.step, attempt)
  attempt.start()
}

/**
 * Records what came of an attempt.
 *
 * @throws what leaves open what is stored: the execution has to be read again.
 */
export function attemptEnded(core: ExecutionCore, attempt: Attempt, result: AttemptResult): void | Promise<void> {
  const { run } = core
  const { step, phase } = attempt.operation
  if (run?.attempts.get(step) !== attempt) return attempt.askedTx?.end()
  run.attempts.delete(step)
  // It was cancelled meanwhile: nothing of it is kept.
  if (phase === 'ended') return attempt.askedTx?.end()
  if (result.kind === 'threw') return attemptFailed(core, attempt, result.error)
  const entry = core.starter().ended(attempt.operation, result.exit, attempt.number)
  const { askedTx: tx } = attempt
  if (tx?.isPending === true) return succeeded(core, attempt, { entry, tx })
  core.recorded.record(entry, attempt.sent)
}

interface Success {
  readonly entry: JournalEntry
  readonly tx: AttemptTransaction
}

/** Its own transaction stores it. */
async function succeeded(core: ExecutionCore, attempt: Attempt, { entry, tx }: Success): Promise<void> {
  const { recorded } = core
  const { sent } = attempt
  try {
    await recorded.writer.flushWith((operations) => tx.commit(operations), entry, sent)
    recorded.stored(entry)
  } catch (error) {
    // Whoever checks a constraint at the commit has refused the attempt, and knows that nothing was stored.
    if (!(error instanceof StorageError) || error.outcome === 'unknown') throw error
    await attemptFailed(core, attempt, error)
  }
}

async function attemptFailed(core: ExecutionCore, attempt: Attempt, error: unknown): Promise<void> {
  await attempt.askedTx?.end()
  // Storage is in trouble, which is no fault of the attempt and does not count.
  if (attempt.askedTx?.isOutage(error) === true) throw error
  const data = encodeError(error)
  const pauseMs = pauseAfter(core, attempt, data)
  if (pauseMs === undefined)
    core.record(core.starter().failed(attempt.operation, final(attempt, error), attempt.number))
  else again(core, attempt, { data, pauseMs })
}

function pauseAfter(core: ExecutionCore, { task, operation, begunAt, number }: Attempt, error: ErrorData) {
  const { failures } = operation
  const { retry, attempt } = task.policyFor?.(error, failures) ?? { retry: task.retry, attempt: number }
  const firstBegunAt = failures[0]?.begunAt ?? begunAt
  const random = core.scope.services.random.next()
  return retryAfterMs(retry, { error, attempt, firstBegunAt, now: core.now, random })
}

/** The next attempt is a message for later: until it comes nothing of the execution needs to be in memory. */
function again(core: ExecutionCore, attempt: Attempt, { data, pauseMs }: { data: ErrorData; pauseMs: number }): void {
  const { step, kind: of, name, digest } = attempt.operation
  const at = core.now
  const retryAt = at + pauseMs
  const run = core.recorded.started?.run ?? 1
  const message = core.outgoing.own({ kind: 'timer', run, step, attempt: attempt.number + 1 }, retryAt)
  const failed = { attempt: attempt.number, error: data, begunAt: attempt.begunAt, at, retryAt, timer: message.id }
  core.record({ kind: 'attemptFailed', step, of, name, digest, ...failed }, save(message))
}

function final({ operation, number, task }: Attempt, error: unknown): unknown {
  if (!(task satisfies AttemptTask).wrapsErrors) return error
  const isUnknown = isCrusterError(error) && error.outcome === 'unknown'
  const outcome = isUnknown ? 'unknown' : 'failed'
  return new ActivityFailed({ activity: operation.name, attempts: number }, { outcome, cause: error })
}
