import type { EntityAddress } from '@cruster/core'
import { freeze } from 'immer'
import type { EntityHost } from './entity-host.ts'
import type { RegisteredEntity } from './registered-entity.ts'
import type { Versioned } from './state-cell.ts'
import { StateCell } from './state-cell.ts'
import { decodeState, initialState } from './state-record.ts'

interface Owner {
  readonly entity: RegisteredEntity
  readonly address: EntityAddress
  readonly host: EntityHost
}

/** What is stored, or the first state where nothing is. Rejects when it cannot be read: it is never made anew then. */
export async function loadState({ entity, address, host }: Owner): Promise<Versioned> {
  const stored = entity.stateKind === 'persisted' ? await host.services.storage.states.load(address) : undefined
  const value =
    stored === undefined ? await initialState(entity, address.id) : await decodeState(entity, address.id, stored.state)
  return { value: freeze(value, true), version: stored?.version ?? 0 }
}

export async function openCell(owner: Owner): Promise<StateCell> {
  return new StateCell(owner, await loadState(owner))
}
