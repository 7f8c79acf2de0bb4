import { setTimeout as sleep } from 'node:timers/promises'
import type { EntityImplementation } from '@cruster/core'
import { SystemClock, runnerAddress, silentLogger } from '@cruster/core'
import { MemoryCluster, MemoryDiscovery } from '@cruster/core/memory'
import type { Connection, Listener, Transport } from '@cruster/core/ports'
import { ClusterClient, Runner } from '@cruster/sharding'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import { TcpProxy, eventually } from '@cruster/testing'
import { GrpcTransport, grpcTransport } from '@cruster/transport-grpc'
import { onTestFinished } from 'vitest'

/** A gRPC transport whose listeners are reached through proxies, which can cut lines. */
class ProxiedTransport implements Transport {
  readonly name = 'grpc behind proxies'
  readonly proxies: TcpProxy[] = []
  readonly #inner = new GrpcTransport()

  async listen(
    address: Parameters<Transport['listen']>[0],
    accept: (connection: Connection) => void,
  ): Promise<Listener> {
    const inner = await this.#inner.listen(address, accept)
    const proxy = await TcpProxy.start({ host: '127.0.0.1', port: Number(inner.address.split(':')[1]) })
    this.proxies.push(proxy)
    return {
      address: runnerAddress(`${proxy.host}:${proxy.port}`),
      [Symbol.asyncDispose]: async () => {
        await inner[Symbol.asyncDispose]()
        await proxy[Symbol.asyncDispose]()
      },
    }
  }

  connect(...args: Parameters<Transport['connect']>): Promise<Connection> {
    return this.#inner.connect(...args)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#inner[Symbol.asyncDispose]()
  }
}

export interface GrpcCluster {
  readonly runners: readonly Runner[]
  readonly client: ClusterClient
  /** Ends all connections between processes; they can connect again at once. */
  cutLines(): void
}

/** Two runners and a client that talk over gRPC on loopback, in real time. */
export async function startGrpcCluster(register: readonly EntityImplementation[]): Promise<GrpcCluster> {
  const registry = new MemoryCluster({ clock: new SystemClock() })
  const discovery = async (): Promise<MemoryDiscovery> => new MemoryDiscovery(registry)
  const storage = await openSqliteStorage({ file: ':memory:' })
  onTestFinished(() => storage[Symbol.asyncDispose]())
  const transports = [new ProxiedTransport(), new ProxiedTransport()]

  const config = { shardsPerGroup: 16 }
  // Lines that are cut are logged as what they are elsewhere: trouble.
  const surroundings = { discovery, config, logger: silentLogger }
  const runners = await Promise.all(
    transports.map((part) => Runner.start({ ...surroundings, storage, register, transport: async () => part })),
  )
  onTestFinished(async () => {
    for (const runner of runners) await runner[Symbol.asyncDispose]()
  })
  const client = await ClusterClient.connect({ ...surroundings, transport: grpcTransport() })
  onTestFinished(() => client[Symbol.asyncDispose]())

  await eventually({ advance: (ms) => sleep(ms) }, 'both runners own shards, and all shards are owned', {
    withinMs: 10_000,
    holds: () => runners.every(({ ownedShards }) => ownedShards > 0) && total(runners) === config.shardsPerGroup,
  })
  return {
    runners,
    client,
    cutLines: () => transports.forEach(({ proxies }) => proxies.forEach((p) => p.breakLines())),
  }
}

const total = (runners: readonly Runner[]): number => runners.reduce((sum, { ownedShards }) => sum + ownedShards, 0)
