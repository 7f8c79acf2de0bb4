import type { ShardHost } from '../ownership/shard-keeper.ts'

/** The shards of a process that owns none. */
export const nowhere: ShardHost = {
  take: () => undefined,
  drain: async () => undefined,
  abandon: () => undefined,
}
