import type { ExecutionFilter, ExecutionQuery, ExecutionStatus } from '@cruster/core/ports'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Statement } from '../session/session.ts'
import { toStoredText } from '../stored-text.ts'
import { Conditions } from './conditions.ts'

// Literals, because only they let PostgreSQL use a partial index; looked up, so that nothing but these gets into the text.
const statusConditions: Readonly<Record<ExecutionStatus, string>> = {
  running: "status = 'running'",
  paused: "status = 'paused'",
  completed: "status = 'completed'",
  failed: "status = 'failed'",
  cancelled: "status = 'cancelled'",
}

/** A page of the executions that match, the one that started last first. */
export function listStatement({ executions }: SqlNames, query: ExecutionQuery): Statement {
  const conditions = conditionsOf(query)
  addCursor(conditions, query)
  const { where, values } = conditions
  const order = 'started_at desc, type desc, entity desc'
  const text = `select * from ${executions} ${where} order by ${order} limit $${values.length + 1}`
  return { text, values: [...values, query.limit] }
}

export function countStatement({ executions }: SqlNames, filter: ExecutionFilter): Statement {
  const { where, values } = conditionsOf(filter)
  return { text: `select count(*)::int8 as count from ${executions} ${where}`, values }
}

function conditionsOf({ type, version, status, startedBefore, startedAfter }: ExecutionFilter): Conditions {
  const conditions = new Conditions()
  conditions.add('type = ?', type === undefined ? undefined : toStoredText(type))
  conditions.add('version = ?', version)
  conditions.add('started_at < ?', startedBefore)
  conditions.add('started_at > ?', startedAfter)
  if (status !== undefined) conditions.add(statusConditions[status])
  return conditions
}

/** Within one type its name is left out of the comparison, so that the index of the type can begin there. */
function addCursor(conditions: Conditions, { type, after }: ExecutionQuery): void {
  if (after === undefined) return
  const { startedAt, type: lastType, id } = after
  if (type === lastType) conditions.add('(started_at, entity) < (?, ?)', startedAt, toStoredText(id))
  else conditions.add('(started_at, type, entity) < (?, ?, ?)', startedAt, toStoredText(lastType), toStoredText(id))
}
