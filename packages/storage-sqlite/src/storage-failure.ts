import { isCrusterError, StorageError } from '@cruster/core'

const remedies: ReadonlyMap<number, string> = new Map([
  [5, 'Another program is writing to the file; end it, then retry.'],
  [8, 'The file or its folder is read-only; change its permissions.'],
  [10, 'The disk failed to read or write; check the system log before retrying.'],
  [11, 'The file is damaged; restore a copy, or save what is readable with `.recover` of the sqlite3 shell.'],
  [14, 'The file or its folder cannot be opened; check that they exist and who may write there.'],
  [13, 'The disk is full; free space, then retry.'],
  [18, "A value exceeds SQLite's limit of 1 GB."],
  [26, 'The file is not a SQLite database; check the path.'],
])

/** The one door by which errors of node:sqlite enter. What is a StorageError already stays as it is. */
export function toStorageError(
  cause: unknown,
  doing: string,
  outcome: 'not-started' | 'unknown' = 'not-started',
): StorageError {
  if (isStorageError(cause)) return cause
  const text = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
  const consequence = outcome === 'unknown' ? 'It may or may not be stored.' : 'Nothing of it was stored.'
  const remedy = remedies.get(primaryCode(cause) ?? 0) ?? 'The cause has the details.'
  return new StorageError(`SQLite failed while ${doing}: ${text}. ${consequence} ${remedy}`, { outcome, cause })
}

/** As {@link toStorageError}, of a statement that a handler wrote: SQLite may be well, and the statement wrong. */
export function toStatementError(cause: unknown, doing: string): StorageError {
  const error = toStorageError(cause, doing)
  const { outcome } = error
  if (!statementFaults.has(primaryCode(error.cause) ?? -1)) return error
  return new StorageError(error.message, { outcome, cause: error.cause, fault: 'statement' })
}

/** A refusal of our own: nothing was done. */
export function notStarted(message: string, cause?: unknown): StorageError {
  return new StorageError(message, { outcome: 'not-started', cause })
}

/** A refusal of a statement that can never be run as it is. */
export function refusedStatement(message: string): StorageError {
  return new StorageError(message, { outcome: 'not-started', fault: 'statement' })
}

/** SQLite's primary result code; undefined for an error that SQLite did not raise. */
export function primaryCode(cause: unknown): number | undefined {
  if (typeof cause !== 'object' || cause === null || !('errcode' in cause)) return undefined
  return typeof cause.errcode === 'number' ? cause.errcode & 0xff : undefined
}

export const resultCode = { busy: 5, constraint: 19, notADatabase: 26 } as const

/** Errors that the next attempt would meet again: of the statement itself, of its values, or of a constraint. */
const statementFaults: ReadonlySet<number> = new Set([1, 18, resultCode.constraint, 20, 25])

function isStorageError(cause: unknown): cause is StorageError {
  return isCrusterError(cause) && cause.code === StorageError.code
}
