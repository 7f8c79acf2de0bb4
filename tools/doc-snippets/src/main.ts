import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { capture, repository } from '../../pipeline/capture.ts'
import { runSnippet } from './run-snippet.ts'
import { readPage } from './snippet.ts'
import { problemsIn, typeCheck, writeSnippets } from './workshop.ts'

const args = process.argv.slice(2)
const pages = args.length > 0 ? args : await listPages()
const read = pages.map((page) => readPage(page, readFileSync(join(repository, page), 'utf8')))
const snippets = read.flatMap((page) => page.snippets)
const problems = read.flatMap((page) => page.problems)

writeSnippets(snippets)
if (snippets.length > 0) problems.push(...problemsIn((await capture(typeCheck)).output, snippets))

const runnable = snippets.filter(({ runs }) => runs)
if (problems.length === 0) {
  for (const snippet of runnable) problems.push(...(await runSnippet(snippet)))
}

for (const { page, line, message } of problems) console.error(`${page}:${line}: ${message}`)
console.log(
  `${pages.length} pages, ${snippets.length} modules checked, ${runnable.length} to run, ${problems.length} problems`,
)
process.exitCode = problems.length === 0 ? 0 : 1

async function listPages(): Promise<readonly string[]> {
  const list = ['git', 'ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '*.md']
  const { output } = await capture(list)
  return output.split('\n').filter((page) => page !== '' && !/(^|\/)CHANGELOG\.md$|^\.changeset\//.test(page))
}
