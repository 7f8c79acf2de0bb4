import { setTimeout as sleep } from 'node:timers/promises'
import { SystemClock, silentLogger } from '@cruster/core'
import { MemoryNetwork, MemoryTransport } from '@cruster/core/memory'
import { etcdDiscovery } from '@cruster/discovery-etcd'
import { ClusterClient, Runner } from '@cruster/sharding'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import { eventually } from '@cruster/testing'
import { EtcdServer, testPrefix } from '@cruster/testing/servers'
import { onTestFinished } from 'vitest'
import { counter } from './counter.ts'

const config = { shardsPerGroup: 16, callTimeout: '20s' } as const

/** Runners and a client in this process that meet in a real etcd, in real time. */
export interface EtcdCluster {
  readonly etcd: EtcdServer
  readonly runners: readonly Runner[]
  readonly client: ClusterClient
  /** Every shard is owned by exactly one of the runners, and none of them by nobody. */
  balanced(): Promise<void>
  /** Starts one more runner with other settings. */
  startWith(shardsPerGroup: number): Promise<Runner>
}

/** Two runners, with leases of two seconds. */
export async function startEtcdCluster(): Promise<EtcdCluster> {
  const etcd = await EtcdServer.start()
  onTestFinished(() => etcd[Symbol.asyncDispose]())
  const storage = await openSqliteStorage({ file: ':memory:' })
  onTestFinished(() => storage[Symbol.asyncDispose]())
  const network = new MemoryNetwork({ clock: new SystemClock() })
  const discovery = etcdDiscovery({ endpoints: [etcd.endpoint], prefix: testPrefix(), leaseTtl: '2s' })
  const surroundings = (name: string) => ({
    discovery,
    config,
    logger: silentLogger,
    transport: async () => new MemoryTransport(network, name),
  })
  const startWith = (name: string, shardsPerGroup: number = config.shardsPerGroup): Promise<Runner> =>
    Runner.start({ ...surroundings(name), storage, register: [counter], config: { ...config, shardsPerGroup } })
  const runners = await Promise.all(['a', 'b'].map((name) => startWith(name)))
  onTestFinished(async () => {
    await Promise.all(runners.map((runner) => runner[Symbol.asyncDispose]()))
  })
  const client = await ClusterClient.connect(surroundings('client'))
  onTestFinished(() => client[Symbol.asyncDispose]())
  const balanced = (): Promise<void> =>
    eventually({ advance: (ms) => sleep(ms) }, 'both runners own shards, and all shards are owned', {
      withinMs: 15_000,
      holds: () =>
        runners.every(({ ownedShards }) => ownedShards > 0) &&
        runners.reduce((sum, { ownedShards }) => sum + ownedShards, 0) === config.shardsPerGroup,
    })
  await balanced()
  return { etcd, runners, client, balanced, startWith: (shardsPerGroup) => startWith('c', shardsPerGroup) }
}
