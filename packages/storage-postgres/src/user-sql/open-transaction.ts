import type { StorageError } from '@cruster/core'
import type { Sessions, TransactionSession } from '../session/session.ts'
import type { StorageParts } from '../storage-parts.ts'
import { notStarted, toStorageError } from '../storage-failure.ts'
import type { WriteContext } from '../write/decide-locked.ts'
import { PostgresTransaction, type TransactionOwner } from './postgres-transaction.ts'

type OpenContext = StorageParts & { readonly write: WriteContext }

/** Waits for a connection and begins. An abort ends the waiting at once. */
export async function openTransaction(context: OpenContext, owner: TransactionOwner): Promise<PostgresTransaction> {
  const { clock, logger, transactionSessions, transactionTimeoutMs: timeoutMs, write } = context
  const session = await acquire(transactionSessions, owner.signal)
  return new PostgresTransaction({ write, clock, logger, timeoutMs }, session, owner)
}

function acquire(sessions: Sessions<TransactionSession>, signal: AbortSignal): Promise<TransactionSession> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortedWhileWaiting(signal.reason))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    void sessions.acquire().then(
      (session) => {
        signal.removeEventListener('abort', onAbort)
        if (signal.aborted) session.release('usable')
        else resolve(session)
      },
      (cause: unknown) => {
        signal.removeEventListener('abort', onAbort)
        reject(toStorageError(cause, 'waiting for a connection for a transaction (option transactionConnections)'))
      },
    )
  })
}

function abortedWhileWaiting(cause: unknown): StorageError {
  return notStarted('The transaction was not begun: its handler was aborted while it waited for a connection.', cause)
}
