import type { Brand } from './brand.ts'
import type { ShardId } from './shard-id.ts'

/** Where an entity lives: its type, its id, and the shard that both hash to. */
export interface EntityAddress {
  readonly shard: ShardId
  readonly type: string
  readonly id: string
}

/** `type/id`: unique in a cluster, because a type holds no slash. Key of maps and of log lines. */
export type EntityKey = Brand<string, 'EntityKey'>

/** The entity as one string, for maps and for people. */
export function entityKey(address: Pick<EntityAddress, 'type' | 'id'>): EntityKey {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is how an entity key is made
  return `${address.type}/${address.id}` as EntityKey
}
