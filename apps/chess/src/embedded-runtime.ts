import { MemoryMetrics } from '@cruster/core/memory'
import { SingleRunner } from 'cruster'
import type { Registrable } from '@cruster/sharding'
import type { ChessRuntime } from './chess-runtime.ts'

/** Hosts everything in this process, with its data in a folder: durable, without any server. */
export function embeddedRuntime(dataDir: string) {
  return async (register: readonly Registrable[]): Promise<ChessRuntime> => {
    const metrics = new MemoryMetrics()
    const runner = await SingleRunner.start({ dataDir, register, metrics })
    return {
      client: (contract) => runner.client(contract),
      stats: async () => ({
        runners: [{ address: runner.address, state: 'active', shards: runner.ownedShards }],
        entities: { active: runner.sharding.activeEntityCount },
      }),
      health: () => runner.health(),
      metrics,
      renderMetrics: () => metrics.renderPrometheus(),
      [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
    }
  }
}
