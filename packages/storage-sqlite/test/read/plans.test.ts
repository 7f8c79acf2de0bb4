import type { StatementSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { listStatement } from '../../src/read/list-executions.ts'
import { PendingRows } from '../../src/read/pending-rows.ts'
import { migrate } from '../../src/schema/migrate.ts'
import { migrations } from '../../src/schema/migrations.ts'
import { openDatabase, SqliteConnection } from '../../src/sqlite-connection.ts'
import { openTables } from '../../src/table/tables.ts'

/** Remembers every statement that the framework prepares. */
class ListeningConnection extends SqliteConnection {
  readonly statements: string[] = []

  override prepare(sql: string): StatementSync {
    this.statements.push(sql)
    return super.prepare(sql)
  }
}

function planOf(connection: SqliteConnection, sql: string): string[] {
  return connection.database
    .prepare(`explain query plan ${sql}`)
    .all()
    .map((row) => String(row['detail']))
}

it('finds every row by an index: no statement walks over a table that grows', () => {
  const database = openDatabase(':memory:', 'os')
  migrate(database, migrations, 0)
  const connection = new ListeningConnection(database)
  openTables(connection)
  const pending = new PendingRows(connection)

  const plans = connection.statements.map((sql) => ({ sql, plan: planOf(connection, sql).join('; ') }))
  const walking = plans.filter(({ plan }) =>
    /\bSCAN (cruster_messages|cruster_replies|cruster_states|cruster_journals|cruster_executions)\b/.test(plan),
  )

  expect(pending).toBeDefined()
  expect(plans.length).toBeGreaterThan(20)
  expect(walking).toEqual([])
})

it.each([
  [{}, 'cruster_executions_started'],
  [{ type: 'Workflow/A' }, 'cruster_executions_of_type'],
  [{ status: 'running' }, 'cruster_executions_running'],
  [{ status: 'paused' }, 'cruster_executions_paused'],
  [{ status: 'failed' }, 'cruster_executions_failed'],
  [{ status: 'cancelled' }, 'cruster_executions_cancelled'],
] as const)('lists the executions of %j in the order of an index, from its cursor on', (filter, index) => {
  const database = openDatabase(':memory:', 'os')
  migrate(database, migrations, 0)
  const connection = new SqliteConnection(database)
  const after = { type: 'Workflow/A', id: 'a', startedAt: 5 }

  for (const query of [
    { ...filter, limit: 10 },
    { ...filter, limit: 10, after },
  ]) {
    const plan = planOf(connection, listStatement(query).sql).join('; ')

    expect(plan).toContain(index)
    expect(plan).not.toContain('TEMP B-TREE')
  }
})
