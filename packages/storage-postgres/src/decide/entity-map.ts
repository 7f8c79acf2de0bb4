import type { EntityAddress } from '@cruster/core'
import { keyOf } from './entity-key.ts'
import { inOrder } from './in-order.ts'

/** An entity by what it is: what hosts it does not matter. */
type Entity = Pick<EntityAddress, 'type' | 'id'>

/** A map by entities. By type and then by id: to make one text of both costs more than all else that is done with them. */
export class EntityMap<Value> {
  readonly #byType = new Map<string, Map<string, Value>>()
  /** The type that was asked for last, which is nearly always the next one. */
  #type: string | undefined
  #byId: Map<string, Value> | undefined

  get({ type, id }: Entity): Value | undefined {
    return this.#idsOf(type)?.get(id)
  }

  set({ type, id }: Entity, value: Value): void {
    const known = this.#idsOf(type)
    if (known !== undefined) {
      known.set(id, value)
      return
    }
    this.#byId = new Map([[id, value]])
    this.#byType.set(type, this.#byId)
  }

  delete({ type, id }: Entity): void {
    this.#idsOf(type)?.delete(id)
  }

  values(): readonly Value[] {
    const values: Value[] = []
    for (const byId of this.#byType.values()) values.push(...byId.values())
    return values
  }

  #idsOf(type: string): Map<string, Value> | undefined {
    if (type !== this.#type) {
      this.#type = type
      this.#byId = this.#byType.get(type)
    }
    return this.#byId
  }
}

/** What concerns entities, in the order of their keys. */
export function inEntityOrder<Value extends { readonly address: Entity }>(values: readonly Value[]): readonly Value[] {
  return values.length < 2 ? values : values.toSorted(compareEntities)
}

function compareEntities({ address: one }: { address: Entity }, { address: other }: { address: Entity }): number {
  return one.type === other.type ? inOrder(one.id, other.id) : inOrder(keyOf(one), keyOf(other))
}
