import type { EntityAddress } from '@cruster/core'
import type { AssumedFacts } from '../../decide/assumed-facts.ts'
import type { Effects, Ticket } from '../../decide/effects.ts'
import type { SqlNames } from '../../schema/sql-names.ts'
import { columnKinds, type Column, type ColumnKinds } from '../columns.ts'
import type { Given, RowCount } from '../given.ts'

/** What a statement is to write. */
export interface Writing {
  readonly effects: Effects
  /** What has to hold; undefined when the facts were read and their rows are locked. */
  readonly assumed: AssumedFacts | undefined
  /** What a ticket is exchanged for. Known when the counters are locked. */
  readonly sequenceOf: (ticket: Ticket) => number
  /** Journals of which somebody wants to know whether they are there. */
  readonly asked?: readonly EntityAddress[]
}

/**
 * A part of the statement that writes a batch, made of rows. Which parts a statement has depends on what there is to check and
 * to write, so that a small batch does not pay for all of them.
 *
 * A part that checks is a condition, part of the verdict. One that writes is a common table expression; it may use
 * `verdict (ok, now_ms)`, and writes nothing when the verdict is not ok. One that asks is a value of the answer.
 */
export interface PartShape<Row> {
  /** One letter, part of the statement's name. */
  readonly key: string
  /** A statement without rows for a part goes without the part. */
  readonly rows: (writing: Writing) => readonly Row[]
  readonly columns: (kinds: ColumnKinds<Row>) => Readonly<Record<string, Column<Row>>>
  readonly sql: (names: SqlNames, given: Given) => string
  /** A condition on what was written, for what may have changed since the verdict. */
  readonly allDone?: (given: Given) => string
}

/** A part, whatever its rows are. */
export interface WritePart extends Pick<PartShape<never>, 'key' | 'sql' | 'allDone'> {
  readonly columns: Readonly<Record<string, { readonly type: string }>>
  /** The rows that a statement has for it. */
  readonly take: (writing: Writing) => TakenRows
}

/** Rows, about to become parameters. */
export interface TakenRows {
  readonly length: number
  readonly parameters: (count: RowCount) => readonly unknown[]
}

export function writePart<Row>(shape: PartShape<Row>): WritePart {
  const columns = shape.columns(columnKinds())
  const list = Object.values(columns)
  return {
    ...shape,
    columns,
    take: (writing) => {
      const rows = shape.rows(writing)
      const [first] = rows
      return {
        length: rows.length,
        parameters: (count) =>
          count === 'one' && first !== undefined ? list.map(({ one }) => one(first)) : list.map(({ all }) => all(rows)),
      }
    },
  }
}
