import type { EntityAddress, ShardId, StorageError } from '@cruster/core'
import type { Row } from './session/session.ts'
import { notStarted } from './storage-failure.ts'
import { fromStoredText } from './stored-text.ts'

export function textOf(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw unreadable(column, value)
  return fromStoredText(value)
}

export function numberOf(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw unreadable(column, value)
  return value
}

/** Plain bytes: a class of one client is not for its callers to see. */
export function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw unreadable(column, value)
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

/** Undefined for NULL. */
export function optional<T>(row: Row, column: string, read: (row: Row, column: string) => T): T | undefined {
  return row[column] === null ? undefined : read(row, column)
}

export function shardOf(row: Row): ShardId {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was written from a ShardId
  return textOf(row, 'shard') as ShardId
}

export function addressOf(row: Row): EntityAddress {
  return { shard: shardOf(row), type: textOf(row, 'type'), id: textOf(row, 'entity') }
}

function unreadable(column: string, value: unknown): StorageError {
  return notStarted(
    `Column ${column} holds ${value === null ? 'NULL' : `a ${typeof value}`}, which Cruster never wrote there. ` +
      'The database was edited or is damaged: repair the row, or restore a copy.',
  )
}
