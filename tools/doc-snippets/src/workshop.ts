import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Problem, Snippet } from './snippet.ts'

/** The folder in which the modules of all pages are written, a folder for each page. Packages resolve from here. */
const folder = fileURLToPath(new URL('../.cache', import.meta.url))

const tsconfig = {
  extends: '../../../tsconfig.test.json',
  compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
}

/** Writes the modules for the compiler and for Node. */
export function writeSnippets(snippets: readonly Snippet[]): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...tsconfig, files: snippets.map(pathOf) }))
  for (const snippet of snippets) {
    mkdirSync(dirname(pathOf(snippet)), { recursive: true })
    writeFileSync(pathOf(snippet), snippet.code)
  }
}

export function pathOf({ page, file }: Snippet): string {
  return join(folder, page, file)
}

export const typeCheck = ['tsc', '--project', folder, '--pretty', 'false'] as const

/** Turns what the compiler says about modules into problems of their pages. */
export function problemsIn(output: string, snippets: readonly Snippet[]): readonly Problem[] {
  const pages = [...new Set(snippets.map(({ page }) => page))]
  const errors = output.split('\n').filter((line) => /^(?! ).*\berror TS/.test(line))
  return errors.map((error) => {
    const [, file = '', line, message = error] = /^(.*)\((\d+),\d+\): (.*)$/.exec(error) ?? []
    return { page: pages.find((page) => file.includes(`.cache/${page}/`)) ?? file, line: Number(line ?? 0), message }
  })
}
