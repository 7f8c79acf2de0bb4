import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { runnerConfig } from '../../src/runner/runner-config.ts'

const page = readFileSync(new URL('../../../../docs/guides/tune-a-runner.md', import.meta.url), 'utf8')

/** Rows of the first table of the page: `| `name` | `default` | …`. */
const rows = (page.split('## Per entity type')[0] ?? '')
  .split('\n')
  .flatMap((line) => [...line.matchAll(/^\| `(?<name>\w+)` +\| `(?<byDefault>[^`]+)`/gu)])
  .map(({ groups }) => ({ name: groups?.['name'] ?? '', byDefault: valueOf(groups?.['byDefault'] ?? '') }))

function valueOf(text: string): string | number | boolean {
  if (text === 'false') return false
  return text.startsWith("'") ? text.slice(1, -1) : Number(text.replaceAll('_', ''))
}

it('has a row on the page for each option', () => {
  expect(new Set(rows.map(({ name }) => name)).size).toBe(Object.keys(runnerConfig()).length)
})

it.each(rows)('has the default of $name that the page says', ({ name, byDefault }) => {
  expect(runnerConfig({ [name]: byDefault })).toEqual(runnerConfig())
  // Names an option, and is not ignored.
  expect(() => runnerConfig({ [name]: -1 })).toThrow(name)
})
