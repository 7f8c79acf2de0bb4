import { createConsoleLogger } from '@cruster/core'
import { MemoryMetrics } from '@cruster/core/memory'
import { etcdDiscovery } from '@cruster/discovery-etcd'
import { Runner } from '@cruster/sharding'
import { postgresStorage } from '@cruster/storage-postgres'
import { grpcTransport } from '@cruster/transport-grpc'
import { Counter } from '../contract.ts'
import { counterOn } from '../handlers.ts'
import { serve, settings } from '../program/serve.ts'
import type { CallOrder, RunnerSettings, RunnerStatus } from './runner-settings.ts'

/** One runner. SIGTERM drains it, and so does the order `leave`. */
const { name, postgresUrl, etcdEndpoint, prefix, leaseTtlMs, ...rest } = settings() as RunnerSettings
const logger = createConsoleLogger({ level: 'info' })
const metrics = new MemoryMetrics()
const runner = await Runner.start({
  logger,
  metrics,
  config: rest.config,
  register: [counterOn(name)],
  ...(rest.address !== undefined && { address: rest.address }),
  ...(rest.weight !== undefined && { weight: rest.weight }),
  storage: postgresStorage({
    connectionString: postgresUrl,
    statementTimeout: '3s',
    transactionTimeout: '10s',
    logger,
  }),
  discovery: etcdDiscovery({ endpoints: [etcdEndpoint], prefix, leaseTtl: leaseTtlMs, callTimeout: '2s', logger }),
  transport: grpcTransport({ ...rest.transport, logger }),
})

function status(): RunnerStatus {
  const sums: Record<string, number> = {}
  for (const series of metrics.snapshot()) {
    if (series.kind !== 'histogram') sums[series.name] = (sums[series.name] ?? 0) + series.value
  }
  return { address: runner.address, instanceId: runner.instanceId, ownedShards: runner.ownedShards, metrics: sums }
}

async function leave(): Promise<void> {
  await runner[Symbol.asyncDispose]()
}

process.once('SIGTERM', () => void leave().then(() => process.exit(0)))
serve({
  status,
  leave,
  call: ({ id, method, input, timeoutMs = 10_000, idempotencyKey }: CallOrder) =>
    runner.client(Counter).call(id, method, input, {
      timeout: timeoutMs,
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    }),
  notify: ({ id, operation, ms }: { readonly id: string; readonly operation: string; readonly ms: number }) =>
    runner.client(Counter).notify(id).noteSlowly({ operation, ms }),
})
