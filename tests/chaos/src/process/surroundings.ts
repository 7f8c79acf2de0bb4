import { createConsoleLogger } from '@cruster/core'
import { etcdDiscovery } from '@cruster/discovery-etcd'

/** How members of the cluster find each other, tuned for weather in which much happens in little time. */
export const leaseTtlMs = 3000

/** A line that says nothing for so long is dead, in milliseconds: a ping and its time-out. */
export const lines = { keepAliveInterval: '1s', keepAliveTimeout: '1500ms', connectTimeout: '2s' } as const

/** What every member of the cluster is started with. */
export function surroundings(etcdEndpoint: string) {
  const logger = createConsoleLogger({ level: 'info' })
  return {
    logger,
    config: { shardsPerGroup: 48, terminationTimeout: '4s', sweepInterval: '2s', maxAttempts: 1000, maxBackoff: '3s' },
    discovery: etcdDiscovery({
      endpoints: [etcdEndpoint],
      prefix: '/cruster-chaos/',
      leaseTtl: leaseTtlMs,
      callTimeout: '2s',
      logger,
    }),
  } as const
}
