import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { capture, repository } from './capture.ts'

/** What no file of the repository may say, whatever its kind. */
const banned = [
  { pattern: /(?<![\w.~$})/-])\/(tmp\b|(work|root|home)\/\w)/, why: 'a path of one machine' },
  { pattern: /\bregistry\.[a-z]+\.(org|com)\b/, why: 'the host of a package registry' },
]
const binary = /\.(png|jpg|gif|ico|woff2?|wasm|sqlite)$/

const { output } = await capture(['git', 'ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'])
const problems = output
  .split('\n')
  .filter((file) => file !== '' && !binary.test(file) && existsSync(join(repository, file)))
  .flatMap(problemsIn)

for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1

function problemsIn(file: string): readonly string[] {
  const lines = readFileSync(join(repository, file), 'utf8').split('\n')
  return lines.flatMap((line, index) =>
    banned
      .filter(({ pattern }) => pattern.test(line))
      .map(({ why }) => `${file}:${index + 1}: ${why}: ${line.trim().slice(0, 100)}`),
  )
}
