import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { capture } from '../../pipeline/capture.ts'

const plugin = fileURLToPath(new URL('../plugin.ts', import.meta.url))
const names = ['no-plain-error', 'no-current-date', 'no-export-all', 'no-heap-file'].map((name) => `cruster/${name}`)

async function lint(file: string, code: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cruster-lint-'))
  const rules = Object.fromEntries(names.map((name) => [name, 'error']))
  try {
    writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify({ jsPlugins: [plugin], rules }))
    writeFileSync(join(folder, file), code)
    const { output } = await capture(['oxlint', '--format=unix', file], { cwd: folder })
    return [...output.matchAll(/cruster\(([\w-]+)\)/g)].map(([, name = '']) => name)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a plain Error is refused, with and without new', async () => {
  expect(await lint('a.ts', "throw new Error('a')\nthrow Error('b')\nthrow new TypeError('c')\n")).toEqual([
    'no-plain-error',
    'no-plain-error',
  ])
})

test('the current date is refused, a given one is not', async () => {
  expect(await lint('a.ts', 'export const dates = [new Date(), new Date(7)]\n')).toEqual(['no-current-date'])
})

test('export * is refused', async () => {
  expect(await lint('a.ts', "export * from 'b'\nexport { c } from 'b'\n")).toEqual(['no-export-all'])
})

test('a file named after nothing is refused', async () => {
  expect(await lint('helpers.ts', 'export {}\n')).toEqual(['no-heap-file'])
  expect(await lint('shard-map.ts', 'export {}\n')).toEqual([])
})
