import type { Operation, Unit } from '@cruster/core/ports'
import { notStarted } from '../storage-failure.ts'

/** Everybody may send; anything else needs the proof of being the owner. @throws StorageError for a unit without. */
export function checkUnit(unit: Unit): void {
  if (unit.fence !== undefined) return
  const operation = unit.operations.find(needsFence)
  if (operation === undefined) return
  throw notStarted(
    `A unit without a fence holds ${operation.kind}, which only the owner of the shard may do. Nothing was stored. ` +
      'Give the unit the fence of the shard it writes to.',
  )
}

function needsFence({ kind }: Operation): boolean {
  return kind !== 'saveMessage' && kind !== 'reviveMessage'
}
