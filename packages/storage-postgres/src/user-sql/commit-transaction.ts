import type { Operation, Unit, UnitResult } from '@cruster/core/ports'
import { toUnitResult } from '../decide/decide-units.ts'
import type { Statement, TransactionSession } from '../session/session.ts'
import type { Progress } from '../storage-failure.ts'
import { assumeUnits, readSequences } from '../write/commit-units.ts'
import { decideLocked, metConcurrentChange, type WriteContext } from '../write/decide-locked.ts'

/** A transaction that is to be committed. */
export interface Committing {
  readonly session: TransactionSession
  readonly write: WriteContext
  /** What has to run before anything of the framework's, in one go with it. */
  readonly first: readonly Statement[]
  readonly mark: (progress: Progress) => void
}

const commit: Statement = { name: 'cruster_commit', text: 'commit' }
const savepoint: Statement = { name: 'cruster_savepoint', text: 'savepoint cruster_commit' }

/**
 * Writes a unit and commits, or rolls back and says why the unit is refused.
 *
 * In one round trip when everything is as the unit hopes: the statement that writes fails if it is not, and then the server
 * does not come to the commit behind it. What is not as hoped is a reason to refuse, so the transaction is lost anyhow; except
 * for operations that are skipped instead, for which there is a savepoint to go back to and decide on what is stored.
 *
 * @throws what the server or the client throws. The transaction is open then, or lost.
 */
export async function commitTransaction(committing: Committing, unit: Unit): Promise<UnitResult> {
  const { session, write, first, mark } = committing
  const { verdicts, effects, statement } = assumeUnits(write.statements, [unit], { manner: 'insists' })
  const [verdict] = verdicts
  if (verdict?.kind !== 'applied' || statement === undefined) {
    const [, result] = await Promise.all([session.runTogether(first), decideAndCommit(committing, unit)])
    return result
  }
  const skips = unit.operations.some(maySkip)
  mark('sent')
  try {
    // Whoever comes back to a savepoint needs the connection.
    const answers = await (skips
      ? session.runTogether([...first, savepoint, statement, commit])
      : session.runLast([...first, statement, commit]))
    const rows = answers.at(-2)?.rows ?? []
    return toUnitResult(verdict, readSequences(rows, effects))
  } catch (cause) {
    if (!skips || !metConcurrentChange(cause, write.names)) throw cause
    await session.run({ text: 'rollback to savepoint cruster_commit' })
  }
  mark('before')
  return decideAndCommit(committing, unit)
}

/** Two round trips: to lock and read, to write and commit. */
async function decideAndCommit({ session, write, mark }: Committing, unit: Unit): Promise<UnitResult> {
  const { verdicts, sequenceOf, writes } = await decideLocked(session, write, [unit])
  const [verdict] = verdicts
  if (verdict === undefined) throw new TypeError('a unit was decided without a verdict')
  const isApplied = verdict.kind === 'applied'
  if (isApplied) mark('sent')
  await session.runTogether(isApplied ? [...writes, commit] : [{ text: 'rollback' }])
  return toUnitResult(verdict, sequenceOf)
}

/** Whether an operation that finds things otherwise than hoped is skipped, and the rest of its unit applied. */
function maySkip(operation: Operation): boolean {
  switch (operation.kind) {
    case 'saveMessage':
      return operation.ifNew === true
    case 'cancelMessage':
      return operation.ifPending === true
    default:
      return false
  }
}
