import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { capture, repository } from './capture.ts'

/** Checks the proto files, and that the committed code is what they generate. */
const directory = join(repository, 'packages/transport-grpc')
const folder = mkdtempSync(join(tmpdir(), 'cruster-generated-'))
const problems: string[] = []
try {
  await run('buf', 'lint')
  await run('buf', 'generate', '--output', folder)
  problems.push(...differences(join(directory, 'src/gen'), join(folder, 'src/gen')))
} finally {
  rmSync(folder, { recursive: true })
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1

async function run(...command: readonly string[]): Promise<void> {
  const { code, output } = await capture(['pnpm', 'exec', ...command], { cwd: directory })
  if (code !== 0) problems.push(output)
}

function differences(committed: string, generated: string): readonly string[] {
  const files = new Set([...filesIn(committed), ...filesIn(generated)])
  return [...files]
    .filter((file) => textOf(join(committed, file)) !== textOf(join(generated, file)))
    .map(
      (file) =>
        `packages/transport-grpc/src/gen/${file} is not what its proto file generates: run pnpm generate there.`,
    )
}

function filesIn(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It is only on the other side, which is a difference too.
    return undefined
  }
}
