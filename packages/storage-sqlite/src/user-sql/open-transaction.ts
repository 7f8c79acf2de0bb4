import type { StorageError } from '@cruster/core'
import type { Fence } from '@cruster/core/ports'
import { notStarted, toStorageError } from '../storage-failure.ts'
import type { WriterLane } from '../writer-lane.ts'
import { SqliteTransaction, type TransactionContext } from './sqlite-transaction.ts'

/** For whom a transaction is opened. */
export interface TransactionOwner {
  readonly fence: Fence
  readonly signal: AbortSignal
}

/** Waits for the writer lane, in the order of asking, and begins. An abort ends the waiting at once. */
export function openTransaction(
  context: TransactionContext,
  lane: WriterLane,
  owner: TransactionOwner,
): Promise<SqliteTransaction> {
  const { signal } = owner
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortedWhileWaiting(signal.reason))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    lane.enter((leave) => {
      signal.removeEventListener('abort', onAbort)
      if (signal.aborted) return leave()
      try {
        resolve(new SqliteTransaction(context, { ...owner, leave }))
      } catch (cause) {
        leave()
        reject(toStorageError(cause, 'opening a transaction'))
      }
    })
  })
}

function abortedWhileWaiting(cause: unknown): StorageError {
  return notStarted('The transaction was not begun: its handler was aborted while it waited for its turn.', cause)
}
