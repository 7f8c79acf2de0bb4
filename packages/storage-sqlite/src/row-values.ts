import type { SQLOutputValue } from 'node:sqlite'
import type { EntityAddress, ShardId } from '@cruster/core'
import { fromStoredText } from './stored-text.ts'
import type { StorageError } from '@cruster/core'
import { notStarted } from './storage-failure.ts'

/** A row as node:sqlite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>

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

export function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw unreadable(column, value)
  return value
}

/** Undefined for NULL. */
export function optional<T>(row: Row, column: string, read: (row: Row, column: string) => T): T | undefined {
  return row[column] === null ? undefined : read(row, column)
}

export function addressOf(row: Row): EntityAddress {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was written from a ShardId
  const shard = textOf(row, 'shard') as ShardId
  return { shard, type: textOf(row, 'type'), id: textOf(row, 'entity') }
}

function unreadable(column: string, value: unknown): StorageError {
  return notStarted(
    `Column ${column} holds ${value === null ? 'NULL' : `a ${typeof value}`}, which Cruster never wrote there. ` +
      'The file was edited or is damaged: check it with `pragma integrity_check`, or restore a copy.',
  )
}
