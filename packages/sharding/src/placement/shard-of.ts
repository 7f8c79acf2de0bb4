import type { EntityAddress, EntitySettings, HashVersion, ShardId } from '@cruster/core'
import { colocationHash, shardHash, shardId, shardIndex } from '@cruster/core'

/** Settings on which a cluster must agree, because they decide where everything lives. */
export interface PlacementSettings {
  /** Version of the hash function. */
  readonly hashVersion: HashVersion
  readonly shardsPerGroup: number
}

/** An entity as placement sees it: a contract, which is the same object for every call. */
interface Placed {
  readonly name: string
  readonly settings: EntitySettings
}

/** Addresses that are known of one contract. Beyond it all are forgotten. */
const mostKnown = 10_000

const known = new WeakMap<PlacementSettings, WeakMap<Placed, Map<string, EntityAddress>>>()

/**
 * Where an entity lives: its type and id decide, or its co-location key, or a neighbour, if the contract has one. Addresses
 * are remembered: hashing takes longer than all of routing, and maps are faster with texts that are the same object.
 */
export function addressOf(entity: Placed, id: string, placement: PlacementSettings): EntityAddress {
  const addresses = knownOf(entity, placement)
  const found = addresses.get(id)
  if (found !== undefined) return found
  const address = computedAddress(entity, id, placement)
  if (addresses.size >= mostKnown) addresses.clear()
  addresses.set(id, address)
  return address
}

function knownOf(entity: Placed, placement: PlacementSettings): Map<string, EntityAddress> {
  let ofPlacement = known.get(placement)
  if (ofPlacement === undefined) known.set(placement, (ofPlacement = new WeakMap()))
  let addresses = ofPlacement.get(entity)
  if (addresses === undefined) ofPlacement.set(entity, (addresses = new Map()))
  return addresses
}

function computedAddress(entity: Placed, id: string, placement: PlacementSettings): EntityAddress {
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
