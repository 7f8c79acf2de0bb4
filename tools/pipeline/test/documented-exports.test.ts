import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { repository } from '../capture.ts'

const read = (file: string): string => readFileSync(join(repository, file), 'utf8')

interface ExportedName {
  readonly name: string
  readonly file: string
}

/** What an entry point exports from files of its own package: they are written as `export { … } from './….ts'`. */
function exportsOf(entry: string): readonly ExportedName[] {
  return [...read(entry).matchAll(/^export (?:type )?\{(?<names>[^}]*)\} from '(?<from>\.[^']+)'/gmu)].flatMap(
    ({ groups }) =>
      (groups?.['names'] ?? '')
        .split(',')
        .map((name) =>
          name
            .replace(/^\s*type /u, '')
            .replace(/ as .*$/u, '')
            .trim(),
        )
        .filter((name) => name !== '')
        .map((name) => ({ name, file: join(dirname(entry), groups?.['from'] ?? '') })),
  )
}

/** Whether the declaration stands below a comment that begins with a sentence. */
function isDocumented({ name, file }: ExportedName): boolean {
  const declaration = String.raw`^export (?:abstract )?(?:async )?(?:function\*?|class|interface|type|const) ${name}\b`
  const before = read(file).split(new RegExp(declaration, 'mu'))[0] ?? ''
  const comment = before.slice(before.lastIndexOf('/**'))
  // Between the two may be a word to the linter.
  return /^\/\*\*\s*(?:\* )?[^@*\s][^]*\*\/\s*(?:\/\/ oxlint.*\s*)?$/u.test(comment)
}

const entries = globSync('packages/*/package.json', { cwd: repository }).flatMap((manifest) =>
  [...read(manifest).matchAll(/"@cruster\/source": "\.\/(?<source>[^"]+)"/gu)].map(({ groups }) =>
    join(dirname(manifest), groups?.['source'] ?? ''),
  ),
)

it('finds the entry points', () => {
  expect(entries).toContain('packages/core/src/ports.ts')
})

it.each(entries)('says of each name that %s exports what it is', (entry) => {
  expect(exportsOf(entry).filter((exported) => !isDocumented(exported))).toEqual([])
})
