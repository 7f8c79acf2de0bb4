import type { EntityAddress } from '@cruster/core'
import { entityKey } from '@cruster/core'
import type { Lane } from './mailbox.ts'

/** Names a lane of an entity's mailbox in call chains. */
export function laneKey(address: EntityAddress, lane: Lane): string {
  return `${entityKey(address)} (${lane})`
}
