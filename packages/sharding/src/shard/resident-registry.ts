import { ConfigError, parseShardId } from '@cruster/core'
import type { ShardId } from '@cruster/core'
import type { ShardResident } from '../extension/resident.ts'
import type { PlacementSettings } from '../placement/shard-of.ts'

/** What runs on owned shards beside entities. */
export class ResidentRegistry {
  readonly #placement: PlacementSettings
  readonly #byShard = new Map<ShardId, ShardResident[]>()
  readonly #names = new Set<string>()

  constructor(placement: PlacementSettings) {
    this.#placement = placement
  }

  /** The shard groups in which residents are. */
  get groups(): readonly string[] {
    return [...new Set([...this.#byShard.keys()].map((shard) => parseShardId(shard).group))]
  }

  of(shard: ShardId): readonly ShardResident[] {
    return this.#byShard.get(shard) ?? []
  }

  /**
   * Adds a resident. Returns its shard.
   *
   * @throws ConfigError when the name is taken.
   */
  add(resident: ShardResident): ShardId {
    if (this.#names.has(resident.name)) {
      throw new ConfigError(`${resident.name} is registered already. Register each name once per runner.`)
    }
    const shard = resident.shard(this.#placement)
    this.#names.add(resident.name)
    this.#byShard.set(shard, [...this.of(shard), resident])
    return shard
  }
}
