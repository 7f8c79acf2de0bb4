import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { toStoredBytes } from '../stored-bytes.ts'
import { refusedStatement } from '../storage-failure.ts'

/**
 * A value of the user's as SQLite takes it: whole numbers as INTEGER, booleans as 0 and 1, dates as ISO text, undefined as
 * NULL.
 *
 * @throws StorageError for anything else.
 */
export function toSqlValue(value: unknown, index: number): SQLInputValue {
  switch (typeof value) {
    case 'string':
    case 'bigint':
      return value
    case 'number':
      // Node binds every number as REAL, which shows in typeof(), in JSON and in columns without a type.
      return Number.isSafeInteger(value) ? BigInt(value) : value
    case 'boolean':
      return value ? 1n : 0n
    case 'undefined':
      return null
    default:
      return toObjectValue(value, index)
  }
}

/** Integers beyond 2^53 stay bigint, all others become numbers. */
export function fromSqlValue(value: SQLOutputValue): SQLOutputValue {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function toObjectValue(value: unknown, index: number): SQLInputValue {
  if (value === null) return value
  if (value instanceof Uint8Array) return toStoredBytes(value)
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  throw refusedStatement(
    `SQL parameter ${index + 1} is ${describe(value)}, which SQLite cannot store. The statement was not run. ` +
      'Pass a string, number, bigint, boolean, null, Uint8Array or valid Date; encode other values first.',
  )
}

function describe(value: unknown): string {
  if (value instanceof Date) return 'an invalid Date'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
