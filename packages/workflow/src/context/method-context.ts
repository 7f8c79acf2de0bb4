import type { Calls, DeepReadonly, EntityAddress, Methods } from '@cruster/core'
import { decode, encode } from '@cruster/core'
import { createEntityClient } from '@cruster/sharding/extension'
import type { BodyScope, OwnEntity } from './body-scope.ts'
import { DurableClientPort } from './durable-client.ts'
import { WorkflowContext } from './workflow-context.ts'

/** What the body of a workflow method gets: durable operations, and its entity. */
export class MethodContext extends WorkflowContext {
  readonly #scope: BodyScope
  readonly #entity: OwnEntity
  /** The last state that was recorded, and up to which step it is the state of the moment. */
  #seen: { readonly bytes: Uint8Array; readonly value: unknown; readonly turn: number } | undefined

  constructor(scope: BodyScope, entity: OwnEntity) {
    super(scope)
    this.#scope = scope
    this.#entity = entity
  }

  get id(): string {
    return this.#entity.address.id
  }

  get address(): EntityAddress {
    return this.#entity.address
  }

  /** The committed state at this moment, recorded when it is read. One reading serves until something has happened. */
  get state(): DeepReadonly<unknown> {
    const { replay } = this.#scope
    const { deliveries: turn } = replay
    if (this.#seen?.turn === turn) return this.#seen.value
    const before = this.#seen
    const make = (): Uint8Array => unlessSame(encode(this.#entity.state(), 'the state of an entity'), before?.bytes)
    const bytes = replay.value({ kind: 'state', name: '', digest: undefined, make })
    const isSame = bytes.length === 0 && before !== undefined
    this.#seen = isSame ? { ...before, turn } : { bytes, value: frozen(decode(bytes)), turn }
    return this.#seen.value
  }

  get self(): Calls<Methods> {
    const { contract, address } = this.#entity
    const port = new DurableClientPort(this.#scope)
    return createEntityClient(contract, port, ['public', 'protected', 'private']).get(address.id)
  }
}

/** A state that has not changed is recorded as nothing. */
function unlessSame(bytes: Uint8Array, before: Uint8Array | undefined): Uint8Array {
  const isSame = before?.length === bytes.length && bytes.every((byte, index) => byte === before[index])
  return isSame ? new Uint8Array() : bytes
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  for (const item of value instanceof Map || value instanceof Set ? value.values() : Object.values(value)) frozen(item)
  return Object.freeze(value)
}
