import { provideEtcd, startPostgres, type StartedPostgres, type TestEtcd } from '@cruster/testing/servers'
import type { Workload } from './workload.ts'

/** As a server for work has them. `fsync` and `synchronous_commit` are on. */
const settings = { max_wal_size: '4GB', autovacuum_naptime: '1min' }

/** Counts statements too, where PostgreSQL's own extension for it is installed. */
async function startCounting(): Promise<StartedPostgres> {
  try {
    return await startPostgres({ settings: { ...settings, shared_preload_libraries: 'pg_stat_statements' } })
  } catch {
    // Without the extension it does not start; the table then has no statements.
    return startPostgres({ settings })
  }
}

/** The servers of a benchmark, started when the first workload needs them and stopped at the end. */
export class Servers implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack()
  #postgres: Promise<StartedPostgres> | undefined
  #etcd: Promise<TestEtcd> | undefined

  /** A database and an etcd for one side of one workload: nothing of an earlier one is in them. */
  async provide({ needs }: Workload) {
    const database = needs.includes('postgres') ? await (await this.#startedPostgres()).createDatabase() : undefined
    const etcd = needs.includes('etcd') ? await (this.#etcd ??= this.#start(provideEtcd())) : undefined
    return { database, postgresUrl: database?.url, etcdUrl: etcd?.endpoint }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }

  #startedPostgres(): Promise<StartedPostgres> {
    this.#postgres ??= this.#start(startCounting())
    return this.#postgres
  }

  async #start<Server extends AsyncDisposable>(starting: Promise<Server>): Promise<Server> {
    return this.#stack.use(await starting)
  }
}
