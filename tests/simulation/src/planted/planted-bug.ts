/** One place in the sources where a bug is planted. The text has to be there exactly once: a bug that rots is noticed. */
export interface Edit {
  /** Path inside `packages/`. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** A bug that the simulation has to find. */
export interface PlantedBug {
  readonly name: string
  readonly edits: readonly Edit[]
}

/** The source of a module with the bug in it; the same when the bug is elsewhere. */
export function plantIn(bug: PlantedBug, url: string, source: string): string {
  return bug.edits
    .filter(({ file }) => url.endsWith(`/packages/${file}`))
    .reduce((planted, edit) => replaceOnce(bug, planted, edit), source)
}

function replaceOnce({ name }: PlantedBug, source: string, { file, find, replace }: Edit): string {
  const parts = source.split(find)
  if (parts.length === 2) return parts.join(replace)
  throw new Error(
    `"${name}" cannot be planted: its text is ${parts.length - 1} times in ${file}. Adapt it to the source.`,
  )
}
