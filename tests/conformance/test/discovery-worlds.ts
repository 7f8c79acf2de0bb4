import { MemoryCluster, MemoryDiscovery, VirtualClock } from '@cruster/core/memory'
import type { MemoryClusterOptions } from '@cruster/core/memory'
import type { Discovery } from '@cruster/core/ports'
import type { DiscoveryWorld } from '@cruster/testing'

/** What the parts of a world are made of; a saboteur replaces one of them. */
export interface DiscoveryParts {
  cluster(options: MemoryClusterOptions): MemoryCluster
  wrap(discovery: MemoryDiscovery, clock: VirtualClock): Discovery
}

/** A registry in memory, on a virtual clock. */
export async function memoryDiscoveryWorld(parts: Partial<DiscoveryParts> = {}): Promise<DiscoveryWorld> {
  const clock = new VirtualClock()
  const options = { clock, leaseTtlMs: 10_000 }
  const cluster = parts.cluster?.(options) ?? new MemoryCluster(options)
  const opened: MemoryDiscovery[] = []
  return {
    leaseTtlMs: options.leaseTtlMs,
    async connect() {
      const discovery = new MemoryDiscovery(cluster)
      opened.push(discovery)
      return { discovery: parts.wrap?.(discovery, clock) ?? discovery, cutOff: async () => discovery.partition() }
    },
    monotonic: () => clock.monotonic(),
    advance: (ms) => clock.advance(ms),
    async [Symbol.asyncDispose]() {
      for (const discovery of opened) await discovery[Symbol.asyncDispose]()
    },
  }
}
