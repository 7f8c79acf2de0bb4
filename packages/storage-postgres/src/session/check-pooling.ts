import { ConfigError } from '@cruster/core'
import type { Session, Sessions } from './session.ts'

/**
 * Makes sure that a session keeps its backend: prepared statements, settings and LISTEN belong to it. A pooler that pools
 * transactions hands out another one whenever somebody else has used the pool in between, which is what is tried here.
 *
 * @throws ConfigError when the backend changes.
 */
export async function checkPooling(sessions: Sessions): Promise<void> {
  const [one, other] = [await sessions.acquire(), await sessions.acquire()]
  try {
    await one.run({ text: 'begin' })
    const before = await backendOf(other)
    // Given back last, so the next transaction gets it.
    await one.run({ text: 'commit' })
    const after = await backendOf(other)
    if (before !== after) throw poolingRefused()
  } finally {
    one.release('usable')
    other.release('usable')
  }
}

async function backendOf(session: Session): Promise<unknown> {
  const { rows } = await session.run({ text: 'select pg_backend_pid() as pid' })
  return rows[0]?.['pid']
}

function poolingRefused(): ConfigError {
  return new ConfigError(
    'A pooler between Cruster and PostgreSQL changes the backend of a session between transactions, as PgBouncer does with ' +
      'pool_mode=transaction. Prepared statements, settings and LISTEN do not work that way. Nothing was changed. Connect to ' +
      'the server directly, or give Cruster a pool of its own with pool_mode=session: it needs few connections.',
  )
}
