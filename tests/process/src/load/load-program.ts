import { setTimeout as sleep } from 'node:timers/promises'
import { createConsoleLogger } from '@cruster/core'
import { etcdDiscovery } from '@cruster/discovery-etcd'
import { ClusterClient } from '@cruster/sharding'
import { grpcTransport } from '@cruster/transport-grpc'
import { Counter } from '../contract.ts'
import { serve, settings } from '../program/serve.ts'
import { LoadRecord } from './load-record.ts'
import type { LoadReport, LoadSettings } from './load-settings.ts'

/** A client of the cluster that increments counters steadily until it is told to stop. */
const { name, etcdEndpoint, prefix, config, ids, pauseMs, timeoutMs } = settings() as LoadSettings
const logger = createConsoleLogger({ level: 'warn' })
const client = await ClusterClient.connect({
  logger,
  config,
  discovery: etcdDiscovery({ endpoints: [etcdEndpoint], prefix, logger }),
  transport: grpcTransport({ logger, keepAliveInterval: '1s', keepAliveTimeout: '1s' }),
})
const counters = client.client(Counter)
const record = new LoadRecord()
const end = new AbortController()

async function increment(id: string): Promise<void> {
  for (let number = 1; !end.signal.aborted; number += 1) {
    const operation = `${name}/${id}/${number}`
    await record.call({ id, operation }, () => counters.get(id).add(operation, { timeout: timeoutMs }))
    await sleep(pauseMs)
  }
}

const work = Promise.all(ids.map(increment))
serve({
  finish: async (): Promise<LoadReport> => {
    end.abort()
    await work
    return record.report(pauseMs)
  },
  /** How many calls were answered so far. */
  progress: () => record.answered,
})
