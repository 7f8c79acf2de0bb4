import { numberOf, textOf } from '../row-values.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Row, Session, Statement } from '../session/session.ts'
import { leavesSessionUsable } from '../storage-failure.ts'
import { storedTexts } from '../stored-text.ts'
import { metConcurrentChange } from './decide-locked.ts'
import { rowsOf } from './rows-of.ts'
import { numberArray, textArray } from './sql-arrays.ts'

/**
 * Deletes executions that have expired, up to `limit`, with their journals, whose entries do not count. What others are
 * writing to is left for the next time.
 *
 * Two round trips: to lock; to delete and commit, with an eye for what was added before the locks were there.
 */
export async function pruneExecutions(session: Session, names: SqlNames, limit: number): Promise<number> {
  if (limit <= 0) return 0
  try {
    const [, locked] = await session.runTogether([{ text: 'begin' }, lockExpired(names, limit)])
    const [deleted] = await session.runTogether([deleteLocked(names, locked?.rows ?? []), { text: 'commit' }])
    return deleted?.affected ?? 0
  } catch (cause) {
    if (leavesSessionUsable(cause)) await session.run({ text: 'rollback' })
    if (metConcurrentChange(cause, names)) return 0
    throw cause
  }
}

/**
 * Walks the index of what expires from its old end. Whoever adds to a journal shares its last row until the end of the
 * transaction: who has it for itself keeps them away.
 */
export function lockExpired({ executions, journals, now }: SqlNames, limit: number): Statement {
  const text = `
with expired as materialized (
  select type, entity from ${executions}
  where expires_at is not null and expires_at <= (select ${now})
  order by expires_at limit $1 for update skip locked
), ends as materialized (
  select x.type, x.entity, coalesce((${lastPosition(journals, 'x')}), 0) as last from expired x
)
select e.type, e.entity, e.last from ends e
where e.last = 0 or exists (
  select from ${journals} j where j.type = e.type and j.entity = e.entity and j.position = e.last for update skip locked
)`
  return { name: 'cruster_lock_expired', text, values: [limit] }
}

/**
 * A statement of its own, because it has to see what was added while the last rows were being locked. If there is something,
 * others may be adding behind that: their rows, which it would not see, would stay without the ones before.
 */
export function deleteLocked({ executions, journals }: SqlNames, locked: readonly Row[]): Statement {
  const rows = rowsOf({ type: 'text', entity: 'text', last: 'int4' }, ['$1', '$2', '$3'])
  const text = `
with quiet as materialized (
  select u.type, u.entity from ${rows} u where u.last = coalesce((${lastPosition(journals, 'u')}), 0)
), entries as (
  delete from ${journals} j using quiet q where j.type = q.type and j.entity = q.entity
)
delete from ${executions} e using quiet q where e.type = q.type and e.entity = q.entity`
  const values = [
    textArray(storedTexts(locked.map((row) => textOf(row, 'type')))),
    textArray(storedTexts(locked.map((row) => textOf(row, 'entity')))),
    numberArray(
      'int4',
      locked.map((row) => numberOf(row, 'last')),
    ),
  ]
  return { name: 'cruster_delete_expired', text, values }
}

function lastPosition(journals: string, of: string): string {
  return `select max(j.position) from ${journals} j where j.type = ${of}.type and j.entity = ${of}.entity`
}
