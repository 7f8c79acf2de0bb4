import { setTimeout as sleep } from 'node:timers/promises'
import { createConsoleLogger } from '@cruster/core'
import type { Transport } from '@cruster/core/ports'
import { etcdDiscovery } from '@cruster/discovery-etcd'
import type { RunnerOptions } from '@cruster/sharding'
import { ClusterClient } from '@cruster/sharding'
import type { StartedPostgres } from '@cruster/testing/servers'
import { EtcdServer, sharedPostgres, startPostgres } from '@cruster/testing/servers'
import { grpcTransport } from '@cruster/transport-grpc'
import { LoadProcess } from '../load/load-process.ts'
import type { LoadSettings } from '../load/load-settings.ts'
import { RunnerProcess } from '../runner/runner-process.ts'
import type { RunnerSettings } from '../runner/runner-settings.ts'
import type { Applied } from './applied.ts'
import { createTable, readApplied } from './applied.ts'

export interface ProcessClusterOptions {
  /** Names of the runners that are started. Default a, b and c. */
  readonly runners?: readonly string[]
  /** Default 48. */
  readonly shards?: number
  /** Default 2 s. */
  readonly leaseTtlMs?: number
  /** Gives the cluster a PostgreSQL of its own, which the test may stop. Default: a database of the shared one. */
  readonly ownPostgres?: boolean
  readonly config?: RunnerOptions
  readonly transport?: RunnerSettings['transport']
}

/** How often a condition is looked at. */
const lookMs = 20

const lines = { keepAliveInterval: '1s', keepAliveTimeout: '1s', connectTimeout: '2s' } as const

/** Runners in processes of their own, on an etcd and a PostgreSQL of this machine. Disposing it leaves nothing behind. */
export class ProcessCluster implements AsyncDisposable {
  readonly etcd: EtcdServer
  /** Undefined unless the cluster has one of its own. */
  readonly ownPostgres: StartedPostgres | undefined
  readonly postgresUrl: string
  readonly #options: ProcessClusterOptions
  readonly #runners = new Map<string, RunnerProcess>()
  /** What has to be closed, the last one first. */
  readonly #parts: AsyncDisposable[]
  #loads = 0

  private constructor(options: ProcessClusterOptions, servers: Servers) {
    this.#options = options
    this.etcd = servers.etcd
    this.ownPostgres = servers.ownPostgres
    this.postgresUrl = servers.url
    this.#parts = servers.parts
  }

  /** Resolves when every runner has joined and every shard has an owner. */
  static async start(options: ProcessClusterOptions = {}): Promise<ProcessCluster> {
    const cluster = new ProcessCluster(options, await startServers(options))
    try {
      await createTable(cluster.postgresUrl)
      const names = options.runners ?? ['a', 'b', 'c']
      await Promise.all(names.map((name) => cluster.startRunner(name)))
      if (names.length > 0) await cluster.balanced()
      return cluster
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Runners that have not ended. */
  get runners(): readonly RunnerProcess[] {
    return [...this.#runners.values()].filter(({ isEnded }) => !isEnded)
  }

  get shards(): number {
    return this.#options.shards ?? 48
  }

  get leaseTtlMs(): number {
    return this.#options.leaseTtlMs ?? 2000
  }

  /** How this cluster's members find each other, for others that are to join it. */
  get config(): RunnerOptions {
    return { shardsPerGroup: this.shards, terminationTimeout: '4s', sweepInterval: '1s', ...this.#options.config }
  }

  runner(name: string): RunnerProcess {
    const runner = this.#runners.get(name)
    if (runner === undefined) throw new Error(`There is no runner ${name}.`)
    return runner
  }

  /** Starts one more runner, or one that ended once more. */
  async startRunner(name: string, changes: Partial<RunnerSettings> = {}): Promise<RunnerProcess> {
    const runner = await RunnerProcess.start({
      name,
      postgresUrl: this.postgresUrl,
      etcdEndpoint: this.etcd.endpoint,
      prefix,
      leaseTtlMs: this.leaseTtlMs,
      config: this.config,
      transport: { ...lines, ...this.#options.transport },
      ...changes,
    })
    this.#runners.set(name, runner)
    this.#parts.unshift(runner)
    return runner
  }

  /** A client in this process. */
  async connect(transport?: Transport): Promise<ClusterClient> {
    const logger = createConsoleLogger({ level: 'error' })
    const client = await ClusterClient.connect({
      logger,
      config: this.config,
      discovery: etcdDiscovery({ endpoints: [this.etcd.endpoint], prefix, logger }),
      transport: transport ?? grpcTransport({ ...lines, ...this.#options.transport, logger }),
    })
    this.#parts.unshift(client)
    return client
  }

  /** Starts a load from a process of its own, and waits for its first answers. */
  async load(changes: Partial<LoadSettings> = {}): Promise<LoadProcess> {
    this.#loads += 1
    const load = await LoadProcess.start({
      name: `load${this.#loads}`,
      etcdEndpoint: this.etcd.endpoint,
      prefix,
      config: this.config,
      ids: Array.from({ length: 24 }, (_, index) => `counter-${index}`),
      pauseMs: 20,
      timeoutMs: 10_000,
      ...changes,
    })
    this.#parts.unshift(load)
    await this.until('the load is answered', async () => (await load.answered()) > 50)
    return load
  }

  /** Ids of so many counters that are on a runner, each beginning with the prefix. */
  async countersOn(runner: RunnerProcess, count: number, beginning = 'of'): Promise<readonly string[]> {
    const found: string[] = []
    for (let number = 0; found.length < count; number += 1) {
      const id = `${beginning}-${number}`
      if ((await this.ownerOf(id)) === runner) found.push(id)
    }
    return found
  }

  /** The runner on which a counter is. */
  async ownerOf(id: string): Promise<RunnerProcess> {
    const [asker] = this.runners
    const name = await asker?.call<string>({ id, method: 'where' })
    return this.runner(name ?? '')
  }

  /** Each of these runners owns shards, and together they own all. Returns how many milliseconds that took. */
  async balanced(runners: readonly RunnerProcess[] = this.runners, withinMs = 20_000): Promise<number> {
    return this.until(
      'all shards have owners, and all runners have shards',
      async () => {
        const owned = await Promise.all(runners.map(async (runner) => (await runner.status()).ownedShards))
        return owned.every((count) => count > 0) && owned.reduce((sum, count) => sum + count, 0) === this.shards
      },
      withinMs,
    )
  }

  /** Waits for something and returns how many milliseconds that took. Rejects when it does not happen in time. */
  async until(what: string, holds: () => Promise<boolean>, withinMs = 20_000): Promise<number> {
    const begunAt = performance.now()
    while (!(await holds())) {
      if (performance.now() - begunAt > withinMs) throw new Error(`Did not happen in ${withinMs} ms: ${what}.`)
      await sleep(lookMs)
    }
    return performance.now() - begunAt
  }

  /** Every effect that PostgreSQL knows. */
  applied(): Promise<readonly Applied[]> {
    return readApplied(this.postgresUrl)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of this.#parts.splice(0)) await part[Symbol.asyncDispose]()
  }
}

/** Each cluster has an etcd of its own. */
const prefix = '/cruster-process/'

interface Servers {
  readonly etcd: EtcdServer
  readonly ownPostgres: StartedPostgres | undefined
  readonly url: string
  readonly parts: AsyncDisposable[]
}

async function startServers({ ownPostgres }: ProcessClusterOptions): Promise<Servers> {
  const etcd = await EtcdServer.start()
  try {
    if (ownPostgres === true) {
      const own = await startPostgres()
      return { etcd, ownPostgres: own, url: own.url, parts: [own, etcd] }
    }
    const database = await (await sharedPostgres()).createDatabase()
    return { etcd, ownPostgres: undefined, url: database.url, parts: [database, etcd] }
  } catch (error) {
    await etcd[Symbol.asyncDispose]()
    throw error
  }
}
