import type { EntityAddress } from '@cruster/core'
import type { PutExecution } from '@cruster/core/ports'

/** What becomes of a journal. */
export interface JournalEffect {
  readonly address: EntityAddress
  /** Where it ends in the database; undefined when that does not matter, because all of it is removed. */
  readonly from: number | undefined
  /** How much of what is in the database stays. */
  readonly kept: number
  /** What comes behind that. */
  readonly entries: readonly Uint8Array[]
}

/** What becomes of the record of an execution. */
export interface ExecutionEffect {
  readonly address: EntityAddress
  /** Undefined: there is none any more. */
  readonly put: PutExecution['record'] | undefined
  /** Whether the record in the database is removed first. */
  readonly isDeleted: boolean
}

/** Whether more is done than adding behind the end: entries of the database are removed. */
export function isCut({ from, kept }: JournalEffect): boolean {
  return from === undefined || kept < from
}

export function hasEnded({ status }: PutExecution['record']): boolean {
  return status !== 'running' && status !== 'paused'
}
