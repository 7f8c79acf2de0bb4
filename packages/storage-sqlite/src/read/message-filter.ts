import type { MessageFilter, MessageStatus } from '@cruster/core/ports'
import type { Row } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStoredText } from '../stored-text.ts'

// Literals, because only they let SQLite use a partial index; looked up, so that nothing but these gets into the text.
const statusConditions: Readonly<Record<MessageStatus, string>> = {
  pending: "status = 'pending'",
  completed: "status = 'completed'",
  cancelled: "status = 'cancelled'",
  dead: "status = 'dead'",
}

/**
 * Rows that match a filter, newest first. For people and tools: it walks back from the newest row, so a filter that
 * matches little reads much: 70 ms with 500 000 messages stored. Dead letters have an index.
 */
export function readFiltered(connection: SqliteConnection, filter: MessageFilter): readonly Row[] {
  const values: Record<string, string> = {}
  if (filter.type !== undefined) values['type'] = toStoredText(filter.type)
  if (filter.id !== undefined) values['entity'] = toStoredText(filter.id)
  if (filter.method !== undefined) values['method'] = toStoredText(filter.method)
  const conditions = Object.keys(values).map((column) => `${column} = :${column}`)
  if (filter.status !== undefined) conditions.push(statusConditions[filter.status])
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
  const order = filter.status === 'dead' ? 'died_at desc, position desc' : 'position desc'
  const sql = `select * from cruster_messages ${where} order by ${order} limit :limit`
  return connection.prepare(sql).all({ ...values, limit: filter.limit })
}
