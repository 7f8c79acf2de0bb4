import { existsSync, readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** One vitest project for each folder with tests; its name is the folder's name. */
function projectsIn(parent: string, inside: string): { name: string; include: string[] }[] {
  if (!existsSync(new URL(parent, import.meta.url))) return []
  return readdirSync(new URL(parent, import.meta.url))
    .toSorted()
    .map((name) => ({ name, include: [`${parent}/${name}/${inside}**/*.test.ts`] }))
}

const tools = [{ name: 'tools', include: ['tools/**/*.test.ts'] }]

// Not `import`: vitest hands these to Node, where they hold for `require` too, and CommonJS packages would get ES modules.
const conditions = ['@cruster/source', 'node']

export default defineConfig({
  test: {
    projects: [
      ...projectsIn('packages', 'test/'),
      ...projectsIn('apps', 'test/'),
      ...projectsIn('tests', ''),
      ...tools,
    ].map(({ name, include }) => ({
      // Workspace packages are read from their sources, so no build is needed.
      resolve: { conditions },
      ssr: { resolve: { conditions, externalConditions: conditions } },
      // Node 22 does not know `await using`.
      oxc: { target: 'es2023' },
      test: {
        name,
        include,
        environment: 'node',
        sequence: { shuffle: true },
        // Only a test that hangs takes so long: on a machine that is busy, everything else may take a while.
        testTimeout: 60_000,
        hookTimeout: 120_000,
      },
    })),
  },
})
