import type { DeepReadonly, EntityAddress } from '@cruster/core'
import { ConfigError, EntityNotFound } from '@cruster/core'
import { EntityInstance } from '../entity/entity-instance.ts'
import type { AnyRegistered, RegisteredEntity } from '../entity/registered-entity.ts'
import { ownPart } from '../entity/registered-entity.ts'
import type { HeldState } from '../extension/native-entity.ts'
import type { ShardEntities } from './shard-entities.ts'

/** Keeps an entity in memory, over all its lives there, and shows its committed state. */
export class EntityHold implements HeldState {
  readonly #entities: ShardEntities
  readonly #entity: RegisteredEntity
  readonly #address: EntityAddress
  #instance: EntityInstance
  #letGo: () => void
  #last: unknown
  #isReleased = false

  private constructor(entities: ShardEntities, entity: RegisteredEntity, instance: EntityInstance) {
    this.#entities = entities
    this.#entity = entity
    this.#address = instance.address
    this.#instance = instance
    this.#letGo = instance.hold()
  }

  /**
   * Brings an entity into memory.
   *
   * @throws EntityNotFound when its type is not registered here, ConfigError when it is a native one, and whatever its
   *   activation fails with.
   */
  static async open(
    entities: ShardEntities,
    entity: AnyRegistered | undefined,
    address: EntityAddress,
  ): Promise<EntityHold> {
    if (entity === undefined) throw new EntityNotFound(address.type)
    const instance = entities.get(entity, address)
    if (entity.kind !== 'entity' || !(instance instanceof EntityInstance))
      throw new ConfigError(`${address.type} has no state that the runtime knows.`)
    const hold = new EntityHold(entities, entity, instance)
    try {
      await instance.activated()
    } catch (error) {
      hold.release()
      throw error
    }
    return hold
  }

  /** While the entity is made anew after a crash: the state that it had before. */
  current(): DeepReadonly<unknown> {
    if (this.#instance.phase === 'gone') this.#follow()
    if (this.#instance.hasState) this.#last = this.#instance.cell.committed.value[ownPart]
    return this.#last
  }

  release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#letGo()
  }

  /** The entity has another life. */
  #follow(): void {
    const next = this.#entities.get(this.#entity, this.#address)
    if (this.#isReleased || !(next instanceof EntityInstance)) return
    this.#letGo()
    this.#instance = next
    this.#letGo = next.hold()
  }
}
