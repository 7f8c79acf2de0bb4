import type { EntityAddress, EntitySettings, HashVersion, ShardId } from '@cruster/core'
import { colocationHash, shardHash, shardId, shardIndex } from '@cruster/core'

/** Settings on which a cluster must agree, because they decide where everything lives. */
export interface PlacementSettings {
  /** Version of the hash function. */
  readonly hashVersion: HashVersion
  readonly shardsPerGroup: number
}

/** Where an entity lives: its type and id decide, or its co-location key, or a neighbour, if the contract has one. */
export function addressOf(
  entity: { readonly name: string; readonly settings: EntitySettings },
  id: string,
  placement: PlacementSettings,
): EntityAddress {
  const { hashVersion, shardsPerGroup } = placement
  const neighbour = entity.settings.placedWith?.(id)
  if (neighbour !== undefined) {
    return { ...addressOf(neighbour.contract, neighbour.id, placement), type: entity.name, id }
  }
  const key = entity.settings.colocateBy?.(id)
  const hash = key === undefined ? shardHash(hashVersion, entity.name, id) : colocationHash(hashVersion, key)
  const index = shardIndex(hash, shardsPerGroup)
  return { shard: shardId(entity.settings.shardGroup, index), type: entity.name, id }
}

/** Where what has no entity lives: a key decides. Equal keys share a shard with entities that are co-located by them. */
export function shardOfKey(group: string, key: string, placement: PlacementSettings): ShardId {
  const { hashVersion, shardsPerGroup } = placement
  return shardId(group, shardIndex(colocationHash(hashVersion, key), shardsPerGroup))
}
