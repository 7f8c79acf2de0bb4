import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { capture, repository } from './capture.ts'

/** Packs every package as it would be published and checks what a user would get. */
const folder = mkdtempSync(join(tmpdir(), 'cruster-packages-'))
const problems: string[] = []
try {
  for (const name of readdirSync(join(repository, 'packages'))) {
    problems.push(...(await problemsOf(join(repository, 'packages', name))))
  }
} finally {
  rmSync(folder, { recursive: true })
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1

async function problemsOf(directory: string): Promise<readonly string[]> {
  const name = basename(directory)
  const tarball = join(folder, `${name}.tgz`)
  const packed = await capture(['pnpm', 'pack', '--out', tarball], { cwd: directory })
  if (packed.code !== 0) return [packed.output]
  const results = await Promise.all([
    capture(['publint', '--strict', tarball]),
    capture(['attw', '--profile', 'esm-only', '--format', 'ascii', tarball]),
  ])
  return results.filter(({ code }) => code !== 0).map(({ output }) => `packages/${name}\n${output}`)
}
