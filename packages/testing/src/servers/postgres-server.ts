/** A database of its own for a test. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string
}

/** A PostgreSQL for tests. */
export interface PostgresServer {
  /** Of its first database. */
  readonly url: string
  /** A new database, a copy of `template` if one is given. Disposing it ends its connections and drops it. */
  createDatabase(template?: TestDatabase): Promise<TestDatabase>
}

let created = 0

/** The server at an address: one that was started for the tests, or was there before. */
export function postgresAt(url: string): PostgresServer {
  return {
    url,
    async createDatabase(template) {
      const name = `test_${process.pid}_${++created}`
      const from = template === undefined ? 'template1' : databaseIn(template.url)
      await administer(url, `create database ${name} template "${from}" encoding 'UTF8'`)
      return {
        url: withDatabase(url, name),
        [Symbol.asyncDispose]: () => administer(url, `drop database if exists ${name} with (force)`),
      }
    },
  }
}

/** Runs a statement on a connection of its own. */
export async function administer(url: string, sql: string): Promise<void> {
  // Loaded here, because who tests with other servers need not have it.
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

const databaseIn = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1))

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
