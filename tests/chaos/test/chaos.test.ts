import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { faultKinds } from '../src/faults/fault.ts'
import type { ChaosOptions } from '../src/options.ts'
import { runChaos } from '../src/run-chaos.ts'

/** A short run; what it printed is shown when it comes to something else than it must. */
async function run(options: Partial<ChaosOptions>) {
  const lines: string[] = []
  const common = { runners: 3, clients: 2, workers: 4, accounts: 8, faults: faultKinds, sabotage: undefined }
  const result = await runChaos({ ...common, seed: 7, seconds: 12, ...options, print: (line) => void lines.push(line) })
  return { ...result, promises: new Set(result.violations.map(({ promise }) => promise)), printed: lines.join('\n') }
}

it('keeps every promise in bad weather', { timeout: 180_000 }, async () => {
  const { violations, journal, printed } = await run({ seed: 42 })
  expect({ violations, printed }).toEqual({ violations: [], printed })
  expect(journal.successes).toBeGreaterThan(100)
})

it('fails when clients do things twice', { timeout: 120_000 }, async () => {
  const { promises, logs } = await run({ seconds: 5, sabotage: 'doubles', faults: ['cut'] })
  expect(promises).toContain('doubled')
  rmSync(logs, { recursive: true })
})

it('fails when runners answer before they commit', { timeout: 120_000 }, async () => {
  // On slow ways to PostgreSQL a commit is long after its reply, and one of many callers reads in between.
  const { violations, logs } = await run({
    seconds: 20,
    workers: 12,
    sabotage: 'the reply comes before the commit',
    faults: ['slow'],
  })
  expect(violations).not.toEqual([])
  rmSync(logs, { recursive: true })
})
