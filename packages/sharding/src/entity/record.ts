import { Interrupted } from '@cruster/core'
import type { Operation, UnitResult } from '@cruster/core/ports'
import type { LazyTransaction } from './lazy-transaction.ts'
import type { Outbox } from './outbox.ts'
import type { Recorded } from './recorded-outcome.ts'
import { cancelledExit, repeatedExit, replyDigest } from './recorded-outcome.ts'
import type { Run } from './run.ts'
import type { RunEnd } from './run-end.ts'
import { ended } from './run-end.ts'
import type { EntityState } from './state-record.ts'

/** An outcome that is to be recorded, with everything that belongs to it. */
export interface Conclusion {
  readonly exit: Uint8Array
  /** The entity's state from here on. */
  readonly next: EntityState
  /** Messages that were sent and cancelled on the way. */
  readonly sent: Outbox | undefined
  readonly freeLane: () => void
}

/** Commits an outcome with its effects in one unit, and says what storage's answer means. */
export async function record(run: Run, conclusion: Conclusion): Promise<RunEnd> {
  const { job, owner } = run
  const { exit, sent } = conclusion
  job.phase = 'committing'
  const result = await commit(run, conclusion)
  switch (result.kind) {
    case 'applied':
      sent?.committed(result.sequences, owner.host)
      return ended({ kind: 'exit', exit })
    case 'duplicate':
      // A message that it sends has the id of another: run again, it makes new ids.
      if (result.id !== job.request.id) return { kind: 'refused' }
      return ended({ kind: 'exit', exit: await exitOfFirst(run, { ...result, exit: result.exit ?? exit }) }, 'reset')
    case 'gone':
      return ended({ kind: 'gone', exit: await exitOfGone(run) }, 'reset')
    case 'fenced':
      owner.host.fenced()
      return ended({ kind: 'notMine' })
    case 'stale':
      return { kind: 'refused' }
  }
}

/** The request was recorded before: its outcome, unless it is another request that has the id. */
async function exitOfFirst({ job, owner }: Run, known: Recorded): Promise<Uint8Array> {
  const recorded = await owner.host.services.storage.replies.find(job.request.id)
  return repeatedExit(job.request, recorded ?? known)
}

/** Another delivery of the message was recorded, or the message was cancelled. */
async function exitOfGone({ job, owner }: Run): Promise<Uint8Array> {
  const recorded = await owner.host.services.storage.replies.find(job.request.id)
  return recorded === undefined ? cancelledExit(job.request.id) : repeatedExit(job.request, recorded)
}

function commit(run: Run, conclusion: Conclusion): UnitResult | Promise<UnitResult> {
  const { askedTx } = run
  if (askedTx?.isOpen === true && !askedTx.isOver) return commitTransaction(run, conclusion, askedTx)
  if (staysInMemory(run, conclusion)) return commitInMemory(run, conclusion)
  const operations = operationsOf(run, conclusion)
  const { cell, host, entity } = run.owner
  if (!run.isActivity) return host.commit([operations]).then(firstOf)
  const submitted = cell.submit(conclusion.next, operations)
  // A state in memory cannot say in storage which state the next activity was built on.
  if (entity.stateKind !== 'memory') conclusion.freeLane()
  return submitted
}

async function commitTransaction(run: Run, conclusion: Conclusion, tx: LazyTransaction): Promise<UnitResult> {
  const { cell } = run.owner
  // Activities may have changed the state since an rpc began: it has none to write.
  const staged = run.isActivity ? cell.stage(conclusion.next) : undefined
  const result = await tx.commit([...(staged?.operations ?? []), ...operationsOf(run, conclusion)])
  if (result.kind === 'applied' && staged !== undefined) cell.publish(staged.after)
  return result
}

/** Nothing of the request needs to outlive the process: a plain activity on a state that does not either. */
function staysInMemory({ owner, job }: Run, { sent }: Conclusion): boolean {
  const isPlain = job.stored === undefined && job.request.digest === undefined && sent?.isEmpty !== false
  return isPlain && owner.entity.stateKind === 'memory'
}

function commitInMemory(run: Run, { exit, next }: Conclusion): UnitResult {
  const { cell, recent } = run.owner
  recent.set(run.job.request.id, { exit, digest: replyDigest(run.job.request) })
  cell.publish(cell.stage(next).after)
  return { kind: 'applied', sequences: [] }
}

function operationsOf({ job, owner }: Run, { exit, sent }: Conclusion): readonly Operation[] {
  const { id, address, retainMs } = job.request
  const digest = replyDigest(job.request)
  const forget = !owner.host.services.config.keepAnswered
  const reply: Operation = { kind: 'saveReply', id, address, digest, exit, retainMs }
  if (job.stored === undefined && sent === undefined) return [reply]
  const completion: readonly Operation[] = job.stored === undefined ? [] : [{ kind: 'completeMessage', id, forget }]
  // First, so that a message that cancels itself is completed all the same.
  return [...completion, ...(sent?.operations() ?? []), reply]
}

function firstOf(results: readonly (UnitResult | undefined)[]): UnitResult {
  const [result] = results
  if (result === undefined) throw new Interrupted('a commit that storage did not answer', { outcome: 'unknown' })
  return result
}
