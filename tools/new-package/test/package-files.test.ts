import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packageFiles } from '../package-files.ts'

test('a new package looks like the ones that are there', () => {
  const read = (path: string): object =>
    JSON.parse(readFileSync(new URL(`../../../packages/storage-sqlite/${path}`, import.meta.url), 'utf8')) as object
  const there = read('package.json') as { description: string; scripts: object }

  const files = packageFiles({ name: 'storage-sqlite', description: there.description, imports: ['core'] })
  const made = JSON.parse(files.get('package.json') ?? '') as object

  expect(made).toMatchObject({ scripts: there.scripts })
  expect(Object.keys(made)).toEqual(Object.keys(there))
  expect(JSON.parse(files.get('tsconfig.json') ?? '')).toEqual(read('tsconfig.json'))
  expect(JSON.parse(files.get('test/tsconfig.json') ?? '')).toEqual(read('test/tsconfig.json'))
})
