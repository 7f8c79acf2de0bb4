import pg from 'pg'

/** Runs statements on a connection of their own, one after the other, and gives the first number of the last one's rows. */
export async function runSql(url: string | undefined, ...statements: readonly string[]): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    let last = 0
    for (const statement of statements) {
      const { rows } = await client.query<{ readonly n: number }>(statement)
      last = rows[0]?.n ?? 0
    }
    return last
  } finally {
    await client.end()
  }
}

/** How many executions PostgreSQL says have completed. */
export function completedExecutions(url: string | undefined): Promise<number> {
  return runSql(url, `select count(*)::float8 as n from cruster.executions where status = 'completed'`)
}
