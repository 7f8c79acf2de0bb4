import { IdempotencyConflict, Interrupted, decodeExit, encodeExit } from '@cruster/core'

/** These speak of the request, not of one attempt at it. */
const decisive: ReadonlySet<string | undefined> = new Set([IdempotencyConflict.code, Interrupted.code])

/**
 * The answer to a request that an earlier attempt may have started: an error that says `not-started` knows only of its own
 * attempt, so that what became of the request is unknown.
 */
export function honestExit(exit: Uint8Array): Uint8Array {
  const decoded = decodeExit(exit)
  if (decoded.kind === 'success') return exit
  const { error } = decoded
  if (error.outcome !== 'not-started' || decisive.has(error.code)) return exit
  return encodeExit({ kind: 'failure', error: { ...error, outcome: 'unknown' } })
}
