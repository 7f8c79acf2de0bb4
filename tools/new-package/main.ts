import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { capture, repository } from '../pipeline/capture.ts'
import { packageFiles } from './package-files.ts'

/** `pnpm new-package <name> --description <text> [--imports core,sharding]` */
const usage = 'pnpm new-package <name> --description <text> [--imports core,sharding]'
const options = { description: { type: 'string' }, imports: { type: 'string', default: 'core' } } as const
const { positionals, values } = parseArgs({ allowPositionals: true, options })
const [name = ''] = positionals
const folder = join(repository, 'packages', name)

process.exitCode = await create()

async function create(): Promise<number> {
  if (!/^[a-z][a-z-]*$/.test(name) || values.description === undefined) return refuse(usage)
  if (existsSync(folder)) return refuse(`packages/${name} exists already.`)
  const imports = values.imports.split(',').filter((other) => other !== '')
  for (const [path, text] of packageFiles({ name, description: values.description, imports })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  addToRootConfig()
  const { output } = await capture(['prettier', '--write', folder, 'tsconfig.json'])
  console.log(output)
  console.log(`Now add a row for "${name}" to the table in .dependency-cruiser.cjs and run pnpm install.`)
  return 0
}

function addToRootConfig(): void {
  const file = join(repository, 'tsconfig.json')
  const added = `{ "path": "packages/${name}" }, { "path": "packages/${name}/test" }, { "path": "apps/chess" }`
  writeFileSync(file, readFileSync(file, 'utf8').replace('{ "path": "apps/chess" }', added))
}

function refuse(reason: string): number {
  console.error(reason)
  return 1
}
