import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Writes `src/gen/migrations.ts` from the SQL files in `migrations/` at the top of the repository. */
const folder = new URL('../../../migrations/', import.meta.url)
const target = new URL('../src/gen/migrations.ts', import.meta.url)

/** The source of the module that carries the migrations. */
export function embedded(): string {
  const files = readdirSync(folder)
    .filter((file) => /^\d{4}-[\w-]+\.sql$/.test(file))
    .toSorted()
  const entries = files.map((file) => {
    const sql = readFileSync(new URL(file, folder), 'utf8')
    return `  { name: ${JSON.stringify(file.replace(/\.sql$/, ''))}, sql: ${JSON.stringify(sql)} },\n`
  })
  return (
    '// Made from migrations/*.sql by scripts/embed-migrations.ts. Do not edit.\n' +
    'export const migrations: readonly { readonly name: string; readonly sql: string }[] = [\n' +
    `${entries.join('')}]\n`
  )
}

if (import.meta.main) writeFileSync(target, embedded())
