import { findFences, type Fence } from './fence.ts'

/** A module made of one or more blocks of a page. */
export interface Snippet {
  /** Path of the page, relative to the repository. */
  readonly page: string
  readonly line: number
  readonly file: string
  readonly runs: boolean
  readonly code: string
}

/** Something wrong with a page, at a line of it. */
export interface Problem {
  readonly page: string
  readonly line: number
  readonly message: string
}

/**
 * Makes modules of the blocks of a page.
 *
 * Each line of a module has the number that it has on the page, so that errors and stack traces point into the page.
 */
export function readPage(
  page: string,
  markdown: string,
): { snippets: readonly Snippet[]; problems: readonly Problem[] } {
  const fences = findFences(markdown)
  const checked = fences.filter(({ ignored }) => ignored === undefined)
  const chains: Fence[][] = []
  for (const fence of checked) {
    if (fence.continues) chains.at(-1)?.push(fence)
    else chains.push([fence])
  }
  return {
    snippets: chains.map((chain) => snippetOf(page, chain)),
    problems: fences.flatMap((fence) => problemsOf(fence, checked)).map((problem) => ({ page, ...problem })),
  }
}

function snippetOf(page: string, chain: readonly Fence[]): Snippet {
  const lines: string[] = []
  for (const { line, code } of chain) {
    while (lines.length < line - 1) lines.push('')
    lines.push(...code)
  }
  const line = chain[0]?.line ?? 0
  const file = chain[0]?.file ?? `line-${line}.ts`
  return { page, line, file, runs: chain.some(({ runs }) => runs), code: `${lines.join('\n')}\n` }
}

function problemsOf(fence: Fence, checked: readonly Fence[]): readonly Omit<Problem, 'page'>[] {
  const problems: string[] = fence.unknown.map((word) => `"${word}" after ts means nothing`)
  if (fence.ignored === '') problems.push('an ignored block needs a reason: ts ignore: <reason>')
  if (fence.continues && fence === checked[0]) problems.push('there is no block that this one could continue')
  return problems.map((message) => ({ line: fence.line - 1, message }))
}
