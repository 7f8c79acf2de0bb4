import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const repository = new URL('../../../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, repository), 'utf8')

const measured = globSync('packages/*/src/**/*.ts', { cwd: repository }).flatMap((file) =>
  [...read(file).matchAll(/metrics\.(?:count|gauge|observe)\(\s*'(?<name>\w+)'/gu)].map(
    ({ groups }) => groups?.['name'] ?? '',
  ),
)
const listed = [...read('docs/metrics.md').matchAll(/^\| `(?<name>\w+)`/gmu)].map(
  ({ groups }) => groups?.['name'] ?? '',
)

it('lists every metric on the page, and no other', () => {
  expect(listed.toSorted()).toEqual([...new Set(measured)].toSorted())
})
