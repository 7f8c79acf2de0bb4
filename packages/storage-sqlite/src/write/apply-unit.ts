import type { Operation, Unit, UnitResult } from '@cruster/core/ports'
import type { SqliteConnection } from '../sqlite-connection.ts'
import type { Tables } from '../table/tables.ts'
import { applyOperation, type Refusal } from './apply-operation.ts'
import { notStarted } from '../storage-failure.ts'

/** What a unit is applied to, and the moment at which. */
export interface ApplyContext {
  readonly connection: SqliteConnection
  readonly tables: Tables
  readonly now: number
}

/**
 * Applies a unit inside the open transaction, wholly or not at all.
 *
 * A unit of one operation needs no savepoint: an operation that refuses has written nothing.
 */
export function applyUnit(context: ApplyContext, unit: Unit): UnitResult {
  if (unit.operations.length < 2) return applyInTransaction(context, unit)
  return context.connection.attempt(
    () => applyInTransaction(context, unit),
    (result) => result.kind === 'applied',
  )
}

/** The same without a savepoint: for a caller who rolls the whole transaction back on a refusal. */
export function applyInTransaction({ tables, now }: ApplyContext, unit: Unit): UnitResult {
  if (unit.fence !== undefined && !tables.shards.accepts(unit.fence)) return { kind: 'fenced', shard: unit.fence.shard }
  const sequences: number[] = []
  for (const operation of unit.operations) {
    const effect = applyOperation(tables, operation, now)
    if (isRefusal(effect)) return effect
    if (effect !== undefined) sequences.push(effect)
  }
  return { kind: 'applied', sequences }
}

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

function isRefusal(effect: Refusal | number | undefined): effect is Refusal {
  return typeof effect === 'object'
}
