import pg from 'pg'

/** What the database did for each operation. Undefined where this PostgreSQL does not count it. */
export interface ServerCost {
  readonly statements: number | undefined
  readonly commits: number | undefined
  readonly walSyncs: number | undefined
}

interface Counters {
  readonly statements: number | undefined
  readonly commits: number
  readonly walSyncs: number | undefined
}

/** PostgreSQL's backends report what they counted once they are idle, at most this often. */
const reportedAfterMs = 1100

/** Counts what a PostgreSQL does between two moments. It must be idle at both. */
export class ServerCostMeter implements AsyncDisposable {
  readonly #client: pg.Client
  #before: Counters | undefined
  #after: Counters | undefined

  private constructor(client: pg.Client) {
    this.#client = client
  }

  static async open(url: string): Promise<ServerCostMeter> {
    const client = new pg.Client({ connectionString: url, application_name: 'cruster bench' })
    await client.connect()
    await client.query('create extension if not exists pg_stat_statements').catch(ignored)
    return new ServerCostMeter(client)
  }

  async begin(): Promise<void> {
    this.#before = await this.#read()
  }

  async end(): Promise<void> {
    this.#after = await this.#read()
  }

  perOperation(operations: number): ServerCost {
    const [before, after] = [this.#before, this.#after]
    if (before === undefined || after === undefined) throw new Error('Measure before you ask for the result.')
    const per = (name: keyof Counters): number | undefined => {
      const [from, to] = [before[name], after[name]]
      return from === undefined || to === undefined ? undefined : (to - from) / operations
    }
    return { statements: per('statements'), commits: per('commits'), walSyncs: per('walSyncs') }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end()
  }

  async #read(): Promise<Counters> {
    await new Promise((resolve) => {
      setTimeout(resolve, reportedAfterMs)
    })
    const [commits, walSyncs, statements] = [
      await this.#number('select sum(xact_commit)::float8 as n from pg_stat_database'),
      await this.#number('select wal_sync::float8 as n from pg_stat_wal').catch(ignored),
      await this.#number(
        'select sum(calls)::float8 as n from pg_stat_statements where userid = (select usesysid from pg_user where usename = current_user)',
      ).catch(ignored),
    ]
    return { commits, walSyncs, statements }
  }

  async #number(query: string): Promise<number> {
    const { rows } = await this.#client.query<{ readonly n: number }>(query)
    return rows[0]?.n ?? 0
  }
}

/** This PostgreSQL does not count it: the table then says so. */
function ignored(): undefined {
  return undefined
}
