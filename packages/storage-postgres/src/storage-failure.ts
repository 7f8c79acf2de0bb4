import { isCrusterError, StorageError } from '@cruster/core'

/** What can be done about errors of PostgreSQL, by SQLSTATE or by its class, the first two characters. */
const remedies: ReadonlyMap<string, string> = new Map([
  ['08', 'The connection was lost; it is opened again by the next call.'],
  ['22', 'A value does not fit; the cause says which.'],
  ['23', 'A constraint of the database forbids it; the cause says which.'],
  ['25P02', 'A statement before it has failed, and PostgreSQL refuses all that follow in the transaction.'],
  ['25006', 'The server is read-only: connect to the primary.'],
  ['25P03', 'The process did nothing in its transaction for too long, so the server ended it.'],
  ['28', 'The server refused the login: check user, password and pg_hba.conf.'],
  ['3D000', 'Create the database, or correct the connection string.'],
  ['3F000', 'The schema is gone: was it dropped while the storage was open?'],
  ['40001', 'A concurrent change won; retry.'],
  ['40P01', 'Two transactions waited for each other; retry.'],
  ['42501', 'The role lacks a privilege: grant it on the schema and its tables.'],
  ['42P01', 'A table is missing: was it dropped while the storage was open?'],
  ['53', 'The server is short of disk, memory or connections; free some, then retry.'],
  ['54', 'A value is too large for PostgreSQL; ids must stay below 2 KB, payloads below 1 GB.'],
  ['55P03', 'Somebody else holds the lock; retry.'],
  ['57014', 'It took longer than statementTimeout, or was cancelled; retry, or look for what held it up.'],
  ['57P', 'The server is stopping or starting; retry when it is up.'],
  ['58', 'The server failed at reading or writing its files; see its log.'],
  ['XX', 'The server met corrupt data or a bug; see its log.'],
])

/**
 * SQLSTATEs after which nobody knows: the session was ended from outside while it worked, perhaps while it committed.
 * `08P01`, a protocol violation, is not among those of its class that come before anything was done.
 */
const unknownStates: ReadonlySet<string> = new Set(['08000', '08003', '08006', '08007', '40003', '57P01', '57P02'])

/** How far a call had come when it failed. */
export type Progress =
  /** Nothing that could change anything was sent. */
  | 'before'
  /** It was sent; without an answer nobody knows. */
  | 'sent'

/** What was to be sent could not be, because the connection is gone: whatever it was, it has no effect. */
export class NotSent extends Error {
  override readonly name = 'NotSent'

  constructor(cause: Error) {
    super(cause.message, { cause })
  }
}

/** The one door by which foreign errors enter. What is a StorageError already stays as it is. */
export function toStorageError(cause: unknown, doing: string, progress: Progress = 'before'): StorageError {
  if (isStorageError(cause)) return cause
  const state = sqlStateOf(cause)
  const isLost = state === undefined ? !(cause instanceof NotSent) : unknownStates.has(state)
  const isUnknown = progress === 'sent' && isLost
  const consequence = isUnknown ? 'It may or may not be stored.' : 'Nothing of it was stored.'
  const text = `PostgreSQL failed while ${doing}: ${textOf(cause)}. ${consequence} ${remedyFor(state)}`
  return new StorageError(text, { outcome: isUnknown ? 'unknown' : 'not-started', cause })
}

/**
 * As {@link toStorageError}, of a statement that a handler wrote: the server may be well, and the statement wrong, its values
 * or what it would break.
 */
export function toStatementError(cause: unknown, doing: string, progress: Progress = 'before'): StorageError {
  const error = toStorageError(cause, doing, progress)
  if (!isStatementFault(cause)) return error
  return new StorageError(error.message, { outcome: error.outcome, cause, fault: 'statement' })
}

/** Whether the next attempt would meet the same error: classes of SQLSTATEs about what was asked, not about the server. */
export function isStatementFault(cause: unknown): boolean {
  const state = sqlStateOf(cause)
  return state !== undefined && statementClasses.has(state.slice(0, 2))
}

const statementClasses: ReadonlySet<string> = new Set(['0A', '21', '22', '23', '42', '44', 'P0'])

/** A refusal of a statement that can never be run as it is. */
export function refusedStatement(message: string): StorageError {
  return new StorageError(message, { outcome: 'not-started', fault: 'statement' })
}

/** A refusal of our own: nothing was done. */
export function notStarted(message: string, cause?: unknown): StorageError {
  return new StorageError(message, { outcome: 'not-started', cause })
}

/** Undefined for an error that the server did not raise: of the network, or of the client. */
export function sqlStateOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined
  // Codes of the system, ECONNRESET and the like, are not five characters of this kind.
  return typeof cause.code === 'string' && /^[0-9A-Z]{5}$/.test(cause.code) ? cause.code : undefined
}

/** Whether the session can go on after this error: the server answered, and did not hang up. */
export function leavesSessionUsable(cause: unknown): boolean {
  const state = sqlStateOf(cause)
  return state !== undefined && !['08', '57', '58', 'XX'].includes(state.slice(0, 2))
}

function remedyFor(state: string | undefined): string {
  if (state === undefined) return 'Is the server up and reachable? The next call connects again.'
  const found = remedies.get(state) ?? remedies.get(state.slice(0, 3)) ?? remedies.get(state.slice(0, 2))
  return found ?? 'The cause has the details.'
}

/** A failed connection to several addresses has its text in its parts. */
function textOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(textOf).join('; ')
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
}

function isStorageError(cause: unknown): cause is StorageError {
  return isCrusterError(cause) && cause.code === StorageError.code
}
