import { ConfigError } from '@cruster/core'
import type { AnyRegistered } from '../entity/registered-entity.ts'

/** The entity types that a runner can run. */
export class EntityRegistry {
  readonly #entities = new Map<string, AnyRegistered>()
  readonly #listeners = new Set<(entity: AnyRegistered) => void>()

  get(type: string): AnyRegistered | undefined {
    return this.#entities.get(type)
  }

  get types(): readonly string[] {
    return [...this.#entities.keys()]
  }

  /** The shard groups that the registered types live in. */
  get groups(): readonly string[] {
    return [...new Set([...this.#entities.values()].map((entity) => entity.contract.settings.shardGroup))]
  }

  /** @throws ConfigError when the type is registered already. */
  add(entity: AnyRegistered): void {
    if (this.#entities.has(entity.name)) {
      throw new ConfigError(`${entity.name} is registered already. Register each entity type once per runner.`)
    }
    this.#entities.set(entity.name, entity)
    for (const listener of this.#listeners) listener(entity)
  }

  /** Calls back for each type that is added from now on, until the returned function is called. */
  listen(listener: (entity: AnyRegistered) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
