import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { capture, repository } from '../../pipeline/capture.ts'
import { findLinks } from '../src/page-links.ts'

const pages = (
  await capture(['git', 'ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '*.md'])
).output
  .split('\n')
  .filter((page) => page !== '' && !page.endsWith('CHANGELOG.md') && existsSync(join(repository, page)))
const links = pages.flatMap((page) =>
  findLinks(readFileSync(join(repository, page), 'utf8')).map((link) => ({
    ...link,
    place: `${page}:${link.line}`,
    path: join(repository, dirname(page), link.target),
  })),
)

test('finds relative links outside of code', () => {
  const page = ['[a](b.md#c) and ["d"](../e.ts)', '```md', '[x](y.md)', '```', '[f](https://f) [g](#g)'].join('\n')

  expect(findLinks(page)).toEqual([
    { line: 1, text: 'a', target: 'b.md' },
    { line: 1, text: '"d"', target: '../e.ts' },
  ])
})

test('no link of a page leads nowhere', () => {
  expect(links.filter(({ path }) => !existsSync(path)).map(({ place, target }) => `${place}: ${target}`)).toEqual([])
})

test('tests that pages quote exist under these titles', () => {
  const quoted = links.filter(
    ({ text, target }) => target.endsWith('.test.ts') && /^".*"$/u.test(text) && text.length > 2,
  )
  const missing = quoted.filter(({ text, path }) => !readFileSync(path, 'utf8').includes(`'${text.slice(1, -1)}'`))

  expect(missing.map(({ place, text }) => `${place}: ${text}`)).toEqual([])
})
