import { expect, test } from 'vitest'
import { readPage } from '../src/snippet.ts'

const page = (...lines: readonly string[]): ReturnType<typeof readPage> => readPage('page.md', lines.join('\n'))

test('each block is a module whose lines have the numbers of the page', () => {
  const { snippets, problems } = page('# Title', '```ts', 'const a = 1', '```', 'text', '```ts run', 'a()', '```')

  expect(problems).toEqual([])
  expect(snippets).toEqual([
    { page: 'page.md', line: 3, file: 'line-3.ts', runs: false, code: '\n\nconst a = 1\n' },
    { page: 'page.md', line: 7, file: 'line-7.ts', runs: true, code: '\n\n\n\n\n\na()\n' },
  ])
})

test('a block that continues joins the module before it', () => {
  const { snippets } = page('```ts', 'const a = 1', '```', '', '```ts continues run', 'a', '```')

  expect(snippets).toHaveLength(1)
  expect(snippets[0]).toMatchObject({ runs: true, code: '\nconst a = 1\n\n\n\na\n' })
})

test('a block with nothing to continue is a problem', () => {
  expect(page('```ts continues', 'a', '```').problems).toMatchObject([{ line: 1 }])
})

test('a named block is a module of that name', () => {
  expect(page('```ts file=counter.ts', 'a', '```').snippets).toMatchObject([{ file: 'counter.ts' }])
})

test('an ignored block needs a reason', () => {
  expect(page('```ts ignore: shows a mistake', '?', '```')).toEqual({ snippets: [], problems: [] })
  expect(page('```ts ignore', '?', '```').problems).toHaveLength(1)
})

test('an option that does not exist is a problem', () => {
  expect(page('```ts runs', 'a', '```').problems).toMatchObject([{ message: '"runs" after ts means nothing' }])
})

test('other languages are left alone, also when they hold a fence of TypeScript', () => {
  expect(page('````md', '```ts', 'a', '```', '````', '```bash', 'ls', '```').snippets).toEqual([])
})

test('a block in a list loses the indentation of its fence', () => {
  expect(page('- item', '  ```ts', '  if (a) {', '    b()', '  }', '  ```').snippets).toMatchObject([
    { code: '\n\nif (a) {\n  b()\n}\n' },
  ])
})
