import type { PruneResult } from '@cruster/core/ports'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Session, Sessions } from '../session/session.ts'
import { withSession } from '../session/with-session.ts'
import { pruneExecutions } from './prune-executions.ts'

/** Deletes what has expired, messages first, up to `limit` rows. Several processes may do it at once: none waits. */
export function pruneRows(
  { sessions, names }: { readonly sessions: Sessions; readonly names: SqlNames },
  limit: number,
): Promise<PruneResult> {
  return withSession(sessions, 'pruning', async (session) => {
    const messages = await prune(session, names, { table: names.messages, limit })
    const replies = await prune(session, names, { table: names.replies, limit: limit - messages })
    return { messages, replies, executions: await pruneExecutions(session, names, limit - messages - replies) }
  })
}

interface PruneTask {
  readonly table: string
  readonly limit: number
}

/** Walks the index of what expires from its old end. */
async function prune(session: Session, { now, messages }: SqlNames, { table, limit }: PruneTask): Promise<number> {
  if (limit <= 0) return 0
  const text = `
delete from ${table} where id = any (array(
  select id from ${table}
  where expires_at is not null and expires_at <= (select ${now})
  order by expires_at limit $1 for update skip locked
))`
  const name = table === messages ? 'cruster_prune_messages' : 'cruster_prune_replies'
  return (await session.run({ name, text, values: [limit] })).affected
}
