import { runnerAddress } from '@cruster/core'
import { MemoryNetwork, MemoryTransport, VirtualClock } from '@cruster/core/memory'
import type { MemoryNetworkOptions } from '@cruster/core/memory'
import type { Transport } from '@cruster/core/ports'
import type { TransportWorld } from '@cruster/testing'

/** What the parts of a world are made of; a saboteur replaces one of them. */
export interface TransportParts {
  readonly options: Partial<MemoryNetworkOptions>
  wrap(transport: Transport, clock: VirtualClock): Transport
}

/** Two nodes of a network in memory, on a virtual clock. */
export async function memoryTransportWorld(parts: Partial<TransportParts> = {}): Promise<TransportWorld> {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ clock, keepAliveMs: 10_000, connectTimeoutMs: 5000, ...parts.options })
  const open = (node: string): Transport => {
    const transport = new MemoryTransport(network, node)
    return parts.wrap?.(transport, clock) ?? transport
  }
  const [client, server] = [open('client'), open('server')]
  return {
    client,
    nobody: runnerAddress('server:9'),
    keepAliveMs: 10_000,
    connectTimeoutMs: 5000,
    listen: (accept) => server.listen(runnerAddress('server:0'), accept),
    breakLines: async () => network.breakLines('client'),
    silenceLines: async () => network.partition('client', 'server'),
    advance: (ms) => clock.advance(ms),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}
