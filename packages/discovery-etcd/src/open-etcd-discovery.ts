import { EtcdDiscovery } from './etcd-discovery.ts'
import type { EtcdDiscoveryOptions } from './etcd-discovery-options.ts'
import { linkSettings } from './link/link-settings.ts'

/**
 * Connects to etcd.
 *
 * @throws ConfigError for options that cannot work, DiscoveryError when etcd cannot be reached or refuses.
 */
export async function openEtcdDiscovery(options: EtcdDiscoveryOptions): Promise<EtcdDiscovery> {
  const discovery = new EtcdDiscovery(linkSettings(options))
  try {
    await discovery.check()
    return discovery
  } catch (error) {
    await discovery[Symbol.asyncDispose]()
    throw error
  }
}

/**
 * What a runner is started with to find its cluster in etcd: `Runner.start({ discovery: etcdDiscovery({ endpoints }) })`.
 * Each start opens a connection of its own, and closes it.
 *
 * @throws ConfigError for options that cannot work.
 */
export function etcdDiscovery(options: EtcdDiscoveryOptions): () => Promise<EtcdDiscovery> {
  linkSettings(options)
  return () => openEtcdDiscovery(options)
}
