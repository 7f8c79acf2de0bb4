import { MemoryMetrics } from '@cruster/core/memory'
import { openEtcdDiscovery } from '@cruster/discovery-etcd'
import { Runner } from '@cruster/sharding'
import { postgresStorage } from '@cruster/storage-postgres'
import { grpcTransport } from '@cruster/transport-grpc'
import { createConsoleLogger } from 'cruster'
import type { EntityImplementation } from '@cruster/core'
import type { ChessRuntime } from './chess-runtime.ts'
import { ClusterPicture } from './cluster-picture.ts'
import type { ClusterConfig } from './config.ts'

/** Begins the keys of this application in etcd, and names its tables in PostgreSQL. */
const name = 'chess'

/** Hosts a share of the entities in this process; the other processes of the cluster host the rest. */
export function clusterRuntime(config: ClusterConfig) {
  return async (register: readonly EntityImplementation[]): Promise<ChessRuntime> => {
    const logger = createConsoleLogger({ level: 'warn' })
    const { etcdEndpoints: endpoints, leaseTtlMs: leaseTtl, address, token, bindHost } = config
    const discovery = await openEtcdDiscovery({ endpoints, prefix: `/${name}/`, leaseTtl, logger })
    const picture = ClusterPicture.follow(discovery)
    const close = async (): Promise<void> => {
      await picture[Symbol.asyncDispose]()
      await discovery[Symbol.asyncDispose]()
    }
    try {
      const metrics = new MemoryMetrics()
      const runner = await Runner.start({
        address,
        discovery,
        storage: postgresStorage({ connectionString: config.postgresUrl, schema: name, logger }),
        transport: grpcTransport({
          logger,
          ...(token !== undefined && { token }),
          ...(bindHost !== undefined && { bindHost }),
        }),
        register,
        metrics,
        logger,
      })
      return {
        client: (contract) => runner.client(contract),
        stats: async () => ({
          runners: picture.runners,
          entities: { active: runner.sharding.activeEntityCount },
        }),
        metrics,
        renderMetrics: () => metrics.renderPrometheus(),
        async [Symbol.asyncDispose]() {
          await runner[Symbol.asyncDispose]()
          await close()
        },
      }
    } catch (error) {
      await close()
      throw error
    }
  }
}
