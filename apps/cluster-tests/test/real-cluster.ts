import { once } from 'node:events'
import { createServer } from 'node:net'
import { EtcdServer, startPostgres } from '@cruster/testing/servers'
import { Etcd3 } from 'etcd3'
import { Pool } from 'pg'
import { NodeProcess } from '../src/cluster/node-process.ts'
import { Api } from './api.ts'

export const prefix = '/cluster-tests/'
export const shards = 60
export const leaseTtlSeconds = 5

/** One place in the cluster, at which a node runs, or not. */
export interface Place {
  /** Where other runners reach it. */
  readonly address: string
  node: NodeProcess | undefined
}

/** Who holds which shard, and who is there, as etcd has it. */
export interface Topology {
  readonly runners: readonly string[]
  /** Shards by owner. */
  readonly owned: ReadonlyMap<string, readonly string[]>
  readonly count: number
}

/** Nodes in processes of their own, on a PostgreSQL and an etcd of their own. */
export class RealCluster implements AsyncDisposable {
  readonly places: readonly Place[]
  readonly database: Pool
  readonly #etcd: Etcd3
  readonly #env: Readonly<Record<string, string>>
  readonly #servers: AsyncDisposableStack

  private constructor(parts: {
    readonly places: readonly Place[]
    readonly env: Readonly<Record<string, string>>
    readonly servers: AsyncDisposableStack
  }) {
    this.places = parts.places
    this.#env = parts.env
    this.#servers = parts.servers
    this.database = new Pool({ connectionString: parts.env['POSTGRES_URL'] })
    this.#etcd = new Etcd3({ hosts: parts.env['ETCD_ENDPOINTS'] ?? '' })
  }

  static async start(nodes: number): Promise<RealCluster> {
    const servers = new AsyncDisposableStack()
    try {
      const postgres = servers.use(await startPostgres())
      const etcd = servers.use(await EtcdServer.start())
      const ports = await freePorts(nodes)
      const env = {
        POSTGRES_URL: postgres.url,
        ETCD_ENDPOINTS: etcd.endpoint,
        LISTEN_ADDR: '127.0.0.1:0',
        LEASE_TTL_SECS: String(leaseTtlSeconds),
        SHARDS_PER_GROUP: String(shards),
      }
      const places = ports.map((port): Place => ({ address: `127.0.0.1:${port}`, node: undefined }))
      const cluster = new RealCluster({ places, env, servers })
      await Promise.all(places.map((place) => cluster.startNode(place)))
      return cluster
    } catch (error) {
      await servers[Symbol.asyncDispose]()
      throw error
    }
  }

  get running(): readonly Place[] {
    return this.places.filter(({ node }) => node !== undefined)
  }

  /** Any node that runs. */
  get api(): Api {
    const [place] = this.running
    if (place?.node === undefined) throw new Error('No node is running.')
    return new Api(place.node.url)
  }

  async startNode(place: Place): Promise<void> {
    const env = { ...this.#env, RUNNER_ADDRESS: place.address }
    place.node = await NodeProcess.start({ env, say: (line) => console.error(`${place.address}: ${line}`) })
  }

  /** Ends a node. Resolves with how it ended. */
  async end(place: Place, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string> {
    const { node } = place
    if (node === undefined) throw new Error(`No node is running at ${place.address}.`)
    place.node = undefined
    node.signal(signal)
    return node.ended
  }

  placeAt(address: unknown): Place {
    const found = this.places.find((place) => place.address === address)
    if (found === undefined) throw new Error(`There is no place ${String(address)}.`)
    return found
  }

  async topology(): Promise<Topology> {
    const locks = await this.#etcd.getAll().prefix(`${prefix}shards/`).strings()
    const runners = await this.#etcd.getAll().prefix(`${prefix}runners/`).keys()
    const owned = new Map<string, string[]>()
    for (const [key, owner] of Object.entries(locks)) {
      owned.set(owner, [...(owned.get(owner) ?? []), key.slice(`${prefix}shards/`.length)])
    }
    return {
      runners: runners
        .map((key) => key.slice(`${prefix}runners/`.length))
        .filter((name) => !name.startsWith('client:')),
      owned,
      count: Object.keys(locks).length,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.places.map(async ({ node }) => node?.[Symbol.asyncDispose]()))
    await this.database.end()
    this.#etcd.close()
    await this.#servers[Symbol.asyncDispose]()
  }
}

/** Ports of this machine on which nobody listens now. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
