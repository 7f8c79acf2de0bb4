import { join } from 'node:path'
import { build } from 'esbuild'
import { repository } from './capture.ts'

/** Proves that `@cruster/core` is safe for browsers: it bundles for one, so no Node module is behind any of its doors. */
const doors = ['index', 'ports', 'memory']
const { metafile } = await build({
  entryPoints: doors.map((door) => join(repository, `packages/core/src/${door}.ts`)),
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2023',
  minify: true,
  outdir: join(repository, 'node_modules/.cache/browser-bundle'),
  metafile: true,
})
for (const [file, { bytes }] of Object.entries(metafile.outputs)) console.log(file, bytes)
