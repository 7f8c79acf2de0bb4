import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Transport } from '@cruster/core/ports'
import { etcdDiscovery } from '@cruster/discovery-etcd'
import type { Registrable, Runner } from '@cruster/sharding'
import { Runner as ClusterRunner } from '@cruster/sharding'
import { postgresStorage } from '@cruster/storage-postgres'
import { grpcTransport } from '@cruster/transport-grpc'
import { SingleRunner, createConsoleLogger } from 'cruster'
import type { ClusterConfig, Config, EmbeddedConfig } from './config.ts'
import { place } from './config.ts'
import type { Database } from './database/database.ts'
import { postgresDatabase, schema, sqliteDatabase } from './database/database.ts'
import { listenElsewhere } from './listen-elsewhere.ts'

const logger = createConsoleLogger({ level: 'warn' })

/** The database of a configuration: there before the runner is. */
export async function openDatabase({ runtime }: Config): Promise<Database> {
  if (runtime.kind === 'cluster') return postgresDatabase(runtime.postgresUrl)
  await mkdir(runtime.dataDir, { recursive: true })
  return sqliteDatabase(join(runtime.dataDir, 'cruster.db'))
}

/** Starts the runner with what it hosts. */
export async function startRunner(config: Config, register: readonly Registrable[]): Promise<Runner> {
  const options = {
    register,
    logger,
    config: { maxIdleTime: '5s', shardsPerGroup: config.shardsPerGroup, keepAnswered: true },
  } as const
  const { runtime } = config
  return runtime.kind === 'cluster' ? startMember(runtime, options) : startAlone(runtime, options)
}

type RunnerParts = Pick<Parameters<typeof SingleRunner.start>[0] & object, 'register' | 'logger' | 'config'>

async function startAlone({ dataDir }: EmbeddedConfig, options: RunnerParts): Promise<Runner> {
  return SingleRunner.start({ dataDir, ...options })
}

async function startMember(config: ClusterConfig, options: RunnerParts): Promise<Runner> {
  const {
    postgresUrl: connectionString,
    etcdEndpoints: endpoints,
    etcdPrefix: prefix,
    leaseTtlSeconds,
    address,
  } = config
  return ClusterRunner.start({
    ...options,
    address,
    storage: postgresStorage({ connectionString, schema, logger }),
    discovery: etcdDiscovery({ endpoints, prefix, leaseTtl: leaseTtlSeconds * 1000, logger }),
    transport: transportOf(config),
  })
}

/** Open to the network: this application is for tests, behind doors that are closed by other means. */
function transportOf({ grpcHost, grpcPort, address }: ClusterConfig): () => Promise<Transport> {
  const open = grpcTransport({ insecure: true, logger, ...(grpcHost !== undefined && { bindHost: grpcHost }) })
  if (grpcPort === undefined || grpcPort === place(address).port) return open
  return async () => listenElsewhere(await open(), grpcPort)
}
