import { runSql } from './sql.ts'

const text = (prefix: string): string => `'${prefix}-' || n`

/**
 * Fills the tables of a schema with so many rows of each kind, as years of work leave them: entities that are not in memory,
 * replies that are kept, messages that were delivered, executions that have ended. The columns are those of the migrations.
 */
export async function storeRows(url: string, schema: string, rows: number): Promise<void> {
  const series = `generate_series(1, ${rows}) n`
  const now = `(extract(epoch from now()) * 1000)::float8`
  await runSql(
    url,
    `insert into ${schema}.states (type, entity, version, state)
     select 'Old', ${text('entity')}, 3, decode(repeat('ab', 60), 'hex') from ${series}`,
    `insert into ${schema}.replies (id, shard, type, entity, exit, stored_at, expires_at)
     select ${text('reply')}, 'default/' || n % 300, 'Old', ${text('entity')}, '\\x010000', ${now}, ${now} + 86400000 from ${series}`,
    `insert into ${schema}.messages
       (id, shard, sequence, type, entity, method, payload, headers, one_way, retain_ms, attempts, stored_at, status, expires_at)
     select ${text('message')}, 'default/' || n % 300, n, 'Old', ${text('entity')}, 'work', '\\x0100', '{}', true, 86400000, 1,
       ${now}, 'completed', ${now} + 86400000 from ${series}`,
    `insert into ${schema}.executions (type, entity, shard, workflow, version, status, started_at, updated_at, ended_at, retain_ms)
     select 'Old', ${text('entity')}, 'default/' || n % 300, 'Old', 1, 'completed', ${now}, ${now}, ${now}, 86400000 from ${series}`,
    `insert into ${schema}.journals (type, entity, position, entry)
     select 'Old', ${text('entity')}, 1, decode(repeat('ab', 60), 'hex') from ${series}`,
    ...['states', 'replies', 'messages', 'executions', 'journals'].map((table) => `analyze ${schema}.${table}`),
  )
}
