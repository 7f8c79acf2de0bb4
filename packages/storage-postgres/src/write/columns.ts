import {
  booleans,
  byteStrings,
  ColumnArray,
  numbers,
  plainTexts,
  storedTexts,
  type ElementKind,
  type SqlArray,
} from '../session/sql-array.ts'
import { toStoredText } from '../stored-text.ts'

/** A column of the rows that a statement is given: its type, and how its values become parameters. */
export interface Column<Row> {
  readonly type: string
  /** The value of the only row. */
  readonly one: (row: Row) => unknown
  /** The values of all rows. */
  readonly all: (rows: readonly Row[]) => SqlArray
}

/** The kinds of columns that rows can have. */
export interface ColumnKinds<Row> {
  /** Any text; it is escaped, see stored-text.ts. */
  readonly text: (read: Read<Row, string>) => Column<Row>
  /** Text that needs no escape, as it is. */
  readonly plainText: (read: Read<Row, string>) => Column<Row>
  readonly number: (type: 'int4' | 'int8' | 'float8', read: Read<Row, number>) => Column<Row>
  readonly boolean: (read: (row: Row) => boolean) => Column<Row>
  readonly bytes: (read: Read<Row, Uint8Array>) => Column<Row>
}

type Read<Row, Value> = (row: Row) => Value | undefined

/** Of rows of one type, so that what reads a column knows its row. */
export function columnKinds<Row>(): ColumnKinds<Row> {
  return { text, plainText, number, boolean, bytes }
}

function text<Row>(read: Read<Row, string>): Column<Row> {
  const one = (row: Row): string | null => {
    const value = read(row)
    return value === undefined ? null : toStoredText(value)
  }
  return { type: 'text', one, all: arrays(storedTexts, read) }
}

function plainText<Row>(read: Read<Row, string>): Column<Row> {
  return { type: 'text', one: orNull(read), all: arrays(plainTexts, read) }
}

function number<Row>(type: 'int4' | 'int8' | 'float8', read: Read<Row, number>): Column<Row> {
  return { type, one: orNull(read), all: arrays(numbers[type], read) }
}

function boolean<Row>(read: (row: Row) => boolean): Column<Row> {
  return { type: 'bool', one: read, all: arrays(booleans, read) }
}

function bytes<Row>(read: Read<Row, Uint8Array>): Column<Row> {
  const one = (row: Row): Buffer | null => {
    const value = read(row)
    return value === undefined ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  return { type: 'bytea', one, all: arrays(byteStrings, read) }
}

function arrays<Row, Value>(kind: ElementKind<Value>, read: Read<Row, Value>): Column<Row>['all'] {
  return (rows) => new ColumnArray(kind, rows, read)
}

function orNull<Row, Value>(read: Read<Row, Value>): (row: Row) => Value | null {
  return (row) => read(row) ?? null
}
