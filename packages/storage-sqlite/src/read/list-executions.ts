import type { ExecutionFilter, ExecutionQuery, ExecutionStatus, StoredExecution } from '@cruster/core/ports'
import { numberOf } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStoredText } from '../stored-text.ts'
import { toExecution } from '../table/execution-row.ts'

// Literals, because only they let SQLite use a partial index; looked up, so that nothing but these gets into the text.
const statusConditions: Readonly<Record<ExecutionStatus, string>> = {
  running: "status = 'running'",
  paused: "status = 'paused'",
  completed: "status = 'completed'",
  failed: "status = 'failed'",
  cancelled: "status = 'cancelled'",
}

/** Conditions, with the values for their names. */
interface Conditions {
  readonly texts: string[]
  readonly values: Record<string, string | number>
}

/** A page of the executions that match, the one that started last first. */
export function listExecutions(connection: SqliteConnection, query: ExecutionQuery): readonly StoredExecution[] {
  const { sql, values } = listStatement(query)
  return connection.prepare(sql).all(values).map(toExecution)
}

/** @internal For tests of its plan. */
export function listStatement(query: ExecutionQuery): {
  readonly sql: string
  readonly values: Conditions['values']
} {
  const conditions = conditionsOf(query)
  addCursor(conditions, query)
  const order = 'started_at desc, type desc, entity desc'
  const sql = `select * from cruster_executions ${where(conditions)} order by ${order} limit :limit`
  return { sql, values: { ...conditions.values, limit: query.limit } }
}

export function countExecutions(connection: SqliteConnection, filter: ExecutionFilter): number {
  const conditions = conditionsOf(filter)
  const sql = `select count(*) as count from cruster_executions ${where(conditions)}`
  const row = connection.prepare(sql).get(conditions.values)
  return row === undefined ? 0 : numberOf(row, 'count')
}

function conditionsOf({ type, version, status, startedBefore, startedAfter }: ExecutionFilter): Conditions {
  const conditions: Conditions = { texts: [], values: {} }
  const add = (text: string, name: string, value: string | number | undefined): void => {
    if (value === undefined) return
    conditions.texts.push(text)
    conditions.values[name] = value
  }
  add('type = :type', 'type', type === undefined ? undefined : toStoredText(type))
  add('version = :version', 'version', version)
  add('started_at < :before', 'before', startedBefore)
  add('started_at > :after', 'after', startedAfter)
  if (status !== undefined) conditions.texts.push(statusConditions[status])
  return conditions
}

/** Within one type its name is left out of the comparison, so that the index of the type can begin there. */
function addCursor({ texts, values }: Conditions, { type, after }: ExecutionQuery): void {
  if (after === undefined) return
  values['at'] = after.startedAt
  values['last'] = toStoredText(after.id)
  if (type === after.type) texts.push('(started_at, entity) < (:at, :last)')
  else {
    texts.push('(started_at, type, entity) < (:at, :last_type, :last)')
    values['last_type'] = toStoredText(after.type)
  }
}

function where({ texts }: Conditions): string {
  return texts.length === 0 ? '' : `where ${texts.join(' and ')}`
}
