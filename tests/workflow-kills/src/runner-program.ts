import { createConsoleLogger } from '@cruster/core'
import { etcdDiscovery } from '@cruster/discovery-etcd'
import { Runner } from '@cruster/sharding'
import { postgresStorage } from '@cruster/storage-postgres'
import { grpcTransport } from '@cruster/transport-grpc'
import { serve, settings } from '../../process/src/program/serve.ts'
import { implementations } from './implementations.ts'
import { clusterConfig, leaseTtl, prefix, type RunnerPlace } from './place.ts'

/** One runner with all workflows of this test. It is killed sooner or later. */
const { postgresUrl, etcdEndpoint } = settings() as RunnerPlace
const logger = createConsoleLogger({ level: 'warn' })
await Runner.start({
  logger,
  config: clusterConfig,
  register: implementations,
  storage: postgresStorage({ connectionString: postgresUrl, connections: 3, transactionConnections: 6, logger }),
  discovery: etcdDiscovery({ endpoints: [etcdEndpoint], prefix, leaseTtl, logger }),
  transport: grpcTransport({ logger }),
})
serve({})
