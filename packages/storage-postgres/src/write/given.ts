import { rowsOf } from './rows-of.ts'

/**
 * How many rows a statement is made for. With one, its values are parameters by themselves: to the server a call, with several
 * parts, costs a quarter less than with arrays of one.
 */
export type RowCount = 'one' | 'many'

/** Rows that a part of a statement is given, as SQL. */
export interface Given {
  /** A table of them, to be followed by its name. */
  readonly rows: string
  /** A condition: that a query, which finds at most one row for each of them, finds all. */
  readonly foundAll: (query: string) => string
}

/** `types` by column; `placeholders` are those of its columns. */
export function given(
  count: RowCount,
  types: Readonly<Record<string, string>>,
  placeholders: readonly string[],
): Given {
  if (count === 'one') {
    const values = Object.entries(types).map(([name, type], index) => `${placeholders[index]}::${type} as ${name}`)
    return { rows: `(select ${values.join(', ')})`, foundAll: (query) => `exists (${query})` }
  }
  const [firstType] = Object.values(types)
  return {
    rows: rowsOf(types, placeholders),
    foundAll: (query) => `(select count(*) from (${query}) found) = cardinality(${placeholders[0]}::${firstType}[])`,
  }
}
