import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MemoryMetrics } from '@cruster/core/memory'
import { openEtcdDiscovery } from '@cruster/discovery-etcd'
import { Runner } from '@cruster/sharding'
import { postgresStorage } from '@cruster/storage-postgres'
import { grpcTransport } from '@cruster/transport-grpc'
import type { GrpcTransportOptions, TlsOptions } from '@cruster/transport-grpc'
import { createConsoleLogger } from 'cruster'
import type { Registrable } from '@cruster/sharding'
import type { ChessRuntime } from './chess-runtime.ts'
import { ClusterPicture } from './cluster-picture.ts'
import type { ClusterConfig } from './config.ts'
import { EnvironmentError } from './config.ts'

/** Begins the keys of this application in etcd, and names its tables in PostgreSQL. */
const name = 'chess'

/** Hosts a share of the entities in this process; the other processes of the cluster host the rest. */
export function clusterRuntime(config: ClusterConfig) {
  return async (register: readonly Registrable[]): Promise<ChessRuntime> => {
    const logger = createConsoleLogger({ level: 'warn' })
    const { etcdEndpoints: endpoints, leaseTtlMs: leaseTtl, address, postgresUrl: connectionString } = config
    const discovery = await openEtcdDiscovery({ endpoints, prefix: `/${name}/`, leaseTtl, logger })
    const picture = ClusterPicture.follow(discovery)
    const close = async (): Promise<void> => {
      await picture[Symbol.asyncDispose]()
      await discovery[Symbol.asyncDispose]()
    }
    try {
      const metrics = new MemoryMetrics()
      const storage = postgresStorage({ connectionString, schema: name, logger })
      const transport = grpcTransport({ ...security(config), logger })
      const runner = await Runner.start({ address, discovery, storage, transport, register, metrics, logger })
      return {
        client: (contract) => runner.client(contract),
        stats: async () => ({
          runners: picture.runners,
          entities: { active: runner.sharding.activeEntityCount },
        }),
        health: () => runner.health(),
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

/** Who may talk to this process. Without a secret nor certificates: other processes of this machine. */
function security({ token, tlsDir, tlsName, bindHost }: ClusterConfig): GrpcTransportOptions {
  return {
    ...(token !== undefined && { token }),
    ...(bindHost !== undefined && { bindHost }),
    ...(tlsDir !== undefined && { tls: certificatesIn(tlsDir, tlsName) }),
  }
}

function certificatesIn(folder: string, serverName: string): TlsOptions {
  const pem = (file: string): string => textOf(join(folder, file))
  return { ca: pem('ca.crt'), cert: pem('tls.crt'), key: pem('tls.key'), verifyClients: true, serverName }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new EnvironmentError(`CLUSTER_TLS_DIR must have ca.crt, tls.crt and tls.key; ${file} cannot be read.`, {
      cause,
    })
  }
}
