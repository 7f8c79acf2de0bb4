import { leavesSessionUsable, toStorageError, type Progress } from '../storage-failure.ts'
import type { Session, Sessions } from './session.ts'

/**
 * Work on one session. `mark('sent')` says that from here on a lost connection leaves the outcome unknown.
 */
export type SessionWork<Result> = (session: Session, mark: (progress: Progress) => void) => Promise<Result>

/** Runs work on a session of its own. Whatever goes wrong becomes a StorageError that knows the outcome. */
export async function withSession<Result>(
  sessions: Pick<Sessions, 'acquire'>,
  doing: string,
  work: SessionWork<Result>,
): Promise<Result> {
  let progress: Progress = 'before'
  let session: Session | undefined
  try {
    session = await sessions.acquire()
    const result = await work(session, (reached) => (progress = reached))
    session.release('usable')
    return result
  } catch (cause) {
    session?.release(leavesSessionUsable(cause) ? 'usable' : 'broken')
    throw toStorageError(cause, doing, progress)
  }
}
