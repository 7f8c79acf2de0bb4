import type { PendingQuery } from '@cruster/core/ports'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Statement } from '../session/session.ts'
import { toStoredText } from '../stored-text.ts'

/**
 * A page of a shard's pending messages, in sequence order, from two indexes: those that are due at once in the order of
 * theirs, and of the scheduled ones only those that come near, so that what is due later is not walked over.
 */
export function pendingStatement(
  { messages, now }: SqlNames,
  { shard, after, dueWithinMs, limit }: PendingQuery,
): Statement {
  const text = `
with clock as materialized (select ${now} as now_ms)
select m.id, m.shard, m.sequence, m.type, m.entity, m.method, m.payload, m.digest, m.headers, m.trace, m.deliver_at,
  m.one_way, m.retain_ms, m.attempts, m.stored_at, m.status,
  coalesce(greatest(0, m.deliver_at - c.now_ms), 0) as due_in_ms
from clock c, lateral (
  (
    select * from ${messages}
    where status = 'pending' and deliver_at is null and shard = $1 and sequence > $2
    order by sequence limit $4
  ) union all (
    select * from ${messages}
    where status = 'pending' and deliver_at is not null and shard = $1 and sequence > $2
      and deliver_at <= c.now_ms + $3
    order by sequence limit $4
  )
) m
order by m.sequence limit $4`
  return { name: 'cruster_pending', text, values: [toStoredText(shard), after, dueWithinMs, limit] }
}
