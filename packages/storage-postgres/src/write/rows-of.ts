/**
 * A table out of array parameters, one for each column, to be followed by its name.
 *
 * The arrays are taken apart in the list of columns, not in `from`: there each statement would first copy them to a store of
 * its own, which for a small batch costs more than all the rest.
 */
export function rowsOf(columns: Readonly<Record<string, string>>, arrays: readonly string[]): string {
  const parts = Object.entries(columns).map(([name, type], index) => `unnest(${arrays[index]}::${type}[]) as ${name}`)
  return `(select ${parts.join(', ')})`
}
