type Query = (sql: string, ...values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>

/** All that a schema holds, as SQL for people to read: the same on all versions of PostgreSQL. */
export async function describeSchema(query: Query, schema: string): Promise<string> {
  const tables = await query(tablesSql, schema)
  const constraints = await query(constraintsSql, schema)
  const indexes = await query(indexesSql, schema)
  const functions = await query(functionsSql, schema)
  const parts = [...tables, ...constraints, ...indexes, ...functions].map(({ text }) => `${String(text).trim()};`)
  return parts.join('\n\n').replaceAll(`${schema}.`, '')
}

const tablesSql = `
select format(E'create table %I (\\n%s\\n)%s', c.relname,
  string_agg(format('  %I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
    case when co.collname = 'C' then ' collate "C"' else '' end,
    case when a.attidentity = 'a' then ' generated always as identity' else '' end,
    case when a.attnotnull then ' not null' else '' end), E',\\n' order by a.attnum),
  coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '')) as text
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_collation co on co.oid = a.attcollation
where c.relnamespace = $1::regnamespace and c.relkind = 'r'
group by c.relname, c.reloptions order by c.relname`

const constraintsSql = `
select format('alter table %I add constraint %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) as text
from pg_constraint k join pg_class c on c.oid = k.conrelid
where k.connamespace = $1::regnamespace and k.contype <> 'n'
order by c.relname, k.conname`

const indexesSql = `
select i.indexdef as text from pg_indexes i
where i.schemaname = $1 and not exists (
  select from pg_constraint k where k.conname = i.indexname and k.connamespace = $1::regnamespace
)
order by i.indexname`

const functionsSql = `
select pg_get_functiondef(p.oid) as text from pg_proc p where p.pronamespace = $1::regnamespace order by p.proname`
