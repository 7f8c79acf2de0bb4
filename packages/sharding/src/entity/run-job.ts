import { Interrupted, RunnerUnavailable } from '@cruster/core'
import type { Operation, UnitResult } from '@cruster/core/ports'
import { isDefect, meaningOf } from './failure.ts'
import type { Job, JobOutcome } from './job.ts'
import { failedDelivery, failureExit, repeatedExit } from './recorded-outcome.ts'
import type { Attempt, RunOwner } from './run.ts'
import { Run } from './run.ts'

/** What has to happen to the entity after a run. `reset`: read its state again. `restart`: make it anew. */
export type Aftermath = 'nothing' | 'reset' | 'restart'

/** How a run ended. `refused`: it was built on a state that was not committed, left no trace, and must run again. */
export type RunEnd =
  | { readonly kind: 'ended'; readonly outcome: JobOutcome; readonly aftermath: Aftermath }
  | { readonly kind: 'refused' }

const ended = (outcome: JobOutcome, aftermath: Aftermath = 'nothing'): RunEnd => ({ kind: 'ended', outcome, aftermath })

/**
 * Runs a job from its first look at recorded outcomes to the commit of its own. `freeLane` is called when the next job
 * may start, which is before the commit is answered wherever the commit can be refused together with what follows.
 */
export async function runJob(owner: RunOwner, job: Job, freeLane: () => void): Promise<RunEnd> {
  job.phase = 'running'
  try {
    const known = job.lookup ? await recordedExit(owner, job) : undefined
    if (known !== undefined) return ended({ kind: 'exit', exit: known })
  } catch (error) {
    return ended(failedDelivery(job, error))
  }
  const run = new Run(owner, job)
  const attempt = await run.execute()
  try {
    return await conclude(run, attempt, freeLane)
  } catch (error) {
    // The commit may have happened or not: what is stored decides, for the caller's retry as for the entity's state.
    return ended(failedDelivery(job, error), 'reset')
  } finally {
    await run.end()
  }
}

async function recordedExit(owner: RunOwner, job: Job): Promise<Uint8Array | undefined> {
  const recent = owner.recent.get(job.request.id)
  const recorded = recent ?? (await owner.host.services.storage.replies.find(job.request.id))
  return recorded === undefined ? undefined : repeatedExit(job.request, recorded)
}

function conclude(run: Run, attempt: Attempt, freeLane: () => void): Promise<RunEnd> | RunEnd {
  const { job } = run
  if (job.phase === 'ended') return ended({ kind: 'notMine' })
  if (attempt.kind === 'returned') return record(run, { exit: attempt.exit, next: run.finish(), freeLane })
  const { error } = attempt
  if (wasMoved(job, error)) return ended(job.stored === undefined ? { kind: 'notMine' } : { kind: 'redeliver', error })
  const aftermath = isDefect(error) ? 'restart' : 'nothing'
  if (aftermath === 'restart') run.log.log('error', 'A handler failed with a defect; its entity is made anew.', { error })
  switch (meaningOf(error, job.delivery)) {
    case 'redeliver':
      return ended({ kind: 'redeliver', error }, aftermath)
    case 'answer':
      return ended({ kind: 'exit', exit: failureExit(error) }, aftermath)
    case 'record':
      return recordFailure(run, { error, aftermath, freeLane })
  }
}

/** The run was stopped for a hand-over, and dropped what it had done: the next owner runs the request anew. */
function wasMoved(job: Job, error: unknown): boolean {
  return job.delivery.recorded && error instanceof RunnerUnavailable && job.signal.reason === error
}

interface Failure {
  readonly error: unknown
  readonly aftermath: Aftermath
  readonly freeLane: () => void
}

async function recordFailure(run: Run, { error, aftermath, freeLane }: Failure): Promise<RunEnd> {
  const next = run.owner.cell.working.value
  const end = await record(run, { exit: failureExit(error), next, freeLane, failed: true })
  return end.kind === 'ended' && end.aftermath === 'nothing' ? { ...end, aftermath } : end
}

interface Conclusion {
  readonly exit: Uint8Array
  readonly next: RunOwner['cell']['working']['value']
  readonly freeLane: () => void
  readonly failed?: boolean
}

/** Commits what belongs to the outcome, and maps the answer of storage. */
async function record(run: Run, conclusion: Conclusion): Promise<RunEnd> {
  const { job, owner } = run
  const { exit } = conclusion
  if (!job.delivery.recorded) return ended({ kind: 'exit', exit })
  job.phase = 'committing'
  const result = await commit(run, conclusion)
  switch (result.kind) {
    case 'applied':
      owner.host.handOver(run.outbox?.stored(result.sequences) ?? [])
      owner.host.cancelled(run.outbox?.cancelled ?? [])
      return ended({ kind: 'exit', exit })
    case 'duplicate':
      return ended({ kind: 'exit', exit: repeatedExit(job.request, { ...result, exit: result.exit ?? exit }) }, 'reset')
    case 'stale':
      return { kind: 'refused' }
    case 'gone':
      return ended({ kind: 'gone', exit: failureExit(new Interrupted(`request ${job.request.id}`, { outcome: 'not-started' })) }, 'reset')
    case 'fenced':
      owner.host.fenced()
      return ended({ kind: 'notMine' })
  }
}

async function commit(run: Run, { exit, next, freeLane, failed }: Conclusion): Promise<UnitResult> {
  const { owner, job, tx } = run
  const outgoing = failed === true ? [] : (run.outbox?.operations() ?? [])
  if (tx?.isOpen === true && failed !== true) {
    const staged = owner.cell.stage(next)
    const result = await tx.commit([...outgoing, ...staged.operations, ...outcomeOperations(run, exit)])
    if (result.kind === 'applied' && run.isActivity) owner.cell.publish(staged.after)
    return result
  }
  if (isInMemory(run) && outgoing.length === 0) {
    owner.recent.set(job.request.id, { exit })
    if (run.isActivity) owner.cell.publish(owner.cell.stage(next).after)
    return { kind: 'applied', sequences: [] }
  }
  const operations = [...outgoing, ...outcomeOperations(run, exit)]
  if (!run.isActivity) return firstOf(await owner.host.commit([operations]))
  const submitted = owner.cell.submit(next, operations)
  // Only a persisted state can say in storage which state the next activity was built on.
  if (owner.entity.stateKind === 'persisted') freeLane()
  return submitted
}

/** Nothing of the request needs to outlive the process: a plain activity on a state that does not either. */
function isInMemory({ owner, job }: Run): boolean {
  return owner.entity.stateKind === 'memory' && job.stored === undefined && job.request.digest === undefined
}

function outcomeOperations({ job }: Run, exit: Uint8Array): readonly Operation[] {
  const { id, address, digest, retainMs } = job.request
  const reply: Operation = { kind: 'saveReply', id, address, digest, exit, retainMs }
  return job.stored === undefined ? [reply] : [{ kind: 'completeMessage', id }, reply]
}

function firstOf(results: readonly UnitResult[]): UnitResult {
  const [result] = results
  if (result === undefined) throw new Interrupted('a commit that storage did not answer', { outcome: 'unknown' })
  return result
}
