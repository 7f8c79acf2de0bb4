import type { Clock } from '@cruster/core/ports'
import type { TransactionSession } from '../session/session.ts'

/** How long a rollback may take before its connection is closed: the server then rolls back by itself. */
const patienceMs = 5000

/**
 * Rolls a transaction back and gives its session back. Never rejects: a session that does not answer is closed. While a
 * statement runs it is cancelled first, so that a slow one does not go on for nobody.
 */
export async function rollBack(
  session: TransactionSession,
  clock: Clock,
  { isBusy }: { isBusy: boolean },
): Promise<void> {
  let state: 'usable' | 'broken' = 'broken'
  const work = (async () => {
    if (isBusy) await session.cancel()
    await session.rollBack()
    state = 'usable'
  })().catch(() => undefined)
  await Promise.race([work, elapsed(clock, work)])
  session.release(state)
}

/** Resolves when there is no use in waiting for the work any longer. */
function elapsed(clock: Clock, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(patienceMs, resolve)
    void work.finally(() => timer.cancel())
  })
}
