import { capture } from './capture.ts'
import type { Step } from './run-steps.ts'

const program =
  (...command: string[]) =>
  () =>
    capture(command)
const tool = (file: string) => program(process.execPath, `tools/${file}`)

/** Everything that is checked without running the tests, slow ones early. */
export const checks: readonly Step[] = [
  { name: 'types', run: program('tsc', '-b') },
  { name: 'format', run: program('prettier', '--check', '--log-level=warn', '.') },
  { name: 'build', after: ['types'], run: program('turbo', 'run', 'build') },
  { name: 'lint', run: program('oxlint', '--deny-warnings') },
  { name: 'docs', after: ['types'], run: tool('doc-snippets/src/main.ts') },
  { name: 'packages', after: ['build'], run: tool('pipeline/packages.ts') },
  { name: 'layers', run: tool('pipeline/layers.ts') },
  { name: 'unused', run: program('knip') },
  { name: 'generated', run: tool('pipeline/generated.ts') },
  { name: 'text', run: tool('pipeline/text.ts') },
  { name: 'browser-bundle', run: tool('pipeline/browser-bundle.ts') },
]
