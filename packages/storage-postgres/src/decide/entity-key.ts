import type { EntityAddress } from '@cruster/core'

/** States and executions have no shard of their own: what hosts an entity may change, what it is does not. */
export function keyOf({ type, id }: Pick<EntityAddress, 'type' | 'id'>): string {
  return `${type.length}:${type}${id}`
}
