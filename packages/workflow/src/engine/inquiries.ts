import type { ContinuedWait } from '@cruster/core'
import { ExecutionNotFound, decodeAnswer, decodeError } from '@cruster/core'
import type { NativeCall } from '@cruster/sharding/extension'
import type { HistoryPage, HistoryQuestion } from '../protocol/inspection.ts'
import type { ResultAnswer, ResultQuestion } from '../protocol/result.ts'
import { running } from '../protocol/result.ts'
import { continuation } from './continuation.ts'
import type { ExecutionCore } from './execution-core.ts'
import { pendingStart } from './execution-status.ts'
import { loadedResult, storedResult } from './stored-result.ts'

/** How an execution has ended, when it ends or the caller has waited long enough. */
export async function resultOf(core: ExecutionCore, call: NativeCall, question: ResultQuestion): Promise<ResultAnswer> {
  const { waiters } = core
  for (;;) {
    const { answered } = waiters
    // Who has started it waits for it to begin, for which its journal is read in any case. It may be read already.
    if (!core.isLoaded && (question.isExpected || core.isLoading)) await core.load()
    const found = foundHere(core, question) ?? (await foundStored(core, question))
    if (found.kind !== 'running') return found
    // What ended meanwhile has answered those who waited then.
    if (answered === waiters.answered) return waiters.wait(question.waitMs, call, found)
  }
}

/** As {@link resultOf}, for callers who know nothing of executions: the output, its error, or where to go on asking. */
export async function outcomeOf(core: ExecutionCore, call: NativeCall, { waitMs }: ContinuedWait): Promise<unknown> {
  const { scope, name } = core
  const { clock } = scope.services
  const begunAt = clock.monotonic()
  const answer = await resultOf(core, call, { waitMs, isExpected: false })
  if (answer.kind === 'unknown' || answer.kind === 'conflict') throw new ExecutionNotFound(name)
  if (answer.kind === 'running') return continuation(scope.address, clock.monotonic() - begunAt)
  const exit = decodeAnswer(answer.exit)
  if (exit.kind === 'success') return exit.value
  throw decodeError(exit.error)
}

export async function historyOf({ scope }: ExecutionCore, { after, limit }: HistoryQuestion): Promise<HistoryPage> {
  const { services, address } = scope
  const { journals } = services.storage
  const entries = await journals.read({ address, after, limit })
  return { entries, size: await journals.size(address) }
}

/** What is known of the end by what is in memory. An execution whose start is expected counts as running. */
function foundHere(core: ExecutionCore, { digest, isExpected }: ResultQuestion): ResultAnswer | undefined {
  const known = core.isLoaded ? loadedResult(core, digest) : undefined
  if (known?.kind !== 'unknown') return known
  return isExpected ? running : undefined
}

/** What is known of the end by what is stored. */
async function foundStored(core: ExecutionCore, { digest }: ResultQuestion): Promise<ResultAnswer> {
  const known = await storedResult(core, digest)
  if (known.kind !== 'unknown') return known
  if ((await pendingStart(core)) !== undefined) return running
  // Its start may have been handled between the two looks.
  return storedResult(core, digest)
}
