import pg from 'pg'

/** One effect, as it is in PostgreSQL. */
export interface Applied {
  readonly entity: string
  readonly operation: string
  readonly kind: 'add' | 'note'
  /** The count after it; 0 for notes. */
  readonly count: number
  readonly runner: string
}

export async function createTable(url: string): Promise<void> {
  await queryOnce(
    url,
    `create table public.applied (
       entity text not null, operation text not null, kind text not null, count integer not null, runner text not null)`,
  )
}

export async function readApplied(url: string): Promise<readonly Applied[]> {
  return queryOnce<Applied>(
    url,
    'select entity, operation, kind, count, runner from public.applied order by entity, count',
  )
}

/** Runs one statement on a connection of its own. */
export async function queryOnce<Row extends object>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url })
  // A connection that breaks fails its query; nobody else needs to know.
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<Row>(sql, [...values])
    return rows
  } finally {
    await client.end()
  }
}
