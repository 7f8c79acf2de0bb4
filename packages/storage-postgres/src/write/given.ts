import { rowsOf } from './rows-of.ts'

/**
 * How many rows a part of a statement is made for. The values of one row are parameters by themselves, which costs the server a
 * quarter less than arrays of one.
 */
export type RowCount = 'one' | 'many'

/** Rows that a part of a statement is given, as SQL. */
export interface Given {
  /** A table of them, to be followed by its name. */
  readonly rows: string
  /** A condition: that a query, which finds at most one row for each of them, finds all. */
  readonly foundAll: (query: string) => string
}

/** A column of the rows, and the placeholder of its value or of the array of its values. */
export interface GivenColumn {
  readonly name: string
  readonly type: string
  readonly value: string
}

export function given(count: RowCount, columns: readonly GivenColumn[]): Given {
  if (count === 'one') {
    const values = columns.map(({ name, type, value }) => `${value}::${type} as ${name}`)
    return { rows: `(select ${values.join(', ')})`, foundAll: (query) => `exists (${query})` }
  }
  const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]))
  const arrays = columns.map(({ value }) => value)
  const [first] = columns
  return {
    rows: rowsOf(types, arrays),
    foundAll: (query) => `(select count(*) from (${query}) found) = cardinality(${first?.value}::${first?.type}[])`,
  }
}
