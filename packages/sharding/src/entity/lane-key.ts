import type { EntityAddress } from '@cruster/core'
import { entityKey } from '@cruster/core'
import type { Lane } from './mailbox.ts'

/** Names the queue of an entity's stored messages in call chains. */
export function storedKey(address: EntityAddress): string {
  return `${entityKey(address)} (stored)`
}

/** Names a lane of an entity's mailbox in call chains. */
export function laneKey(address: EntityAddress, lane: Lane): string {
  return `${entityKey(address)} (${lane})`
}
