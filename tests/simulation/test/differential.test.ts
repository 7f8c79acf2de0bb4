import type { SimulationResult } from '@cruster/testing'
import { describe, expect, it } from 'vitest'
import { runScenario } from '../src/run-scenario.ts'
import { drawScenario } from '../src/scenario.ts'
import { storages } from '../src/storages.ts'

const [reference, ...others] = storages

/** What callers saw. */
function outcomes({ history }: SimulationResult): readonly unknown[] {
  return history.operations.map(({ kind, type, id, method, outcome, values }) => ({
    what: `${kind} ${type}/${id} ${method}`,
    outcome: outcome.kind === 'returned' ? outcome : { kind: outcome.kind, error: String(outcome.error) },
    values,
  }))
}

describe.each(others)('$name', ({ open }) => {
  it.each([1, 2, 3, 4, 5, 6])(
    'shows callers the same as the reference, with seed %i',
    { timeout: 30_000 },
    async (seed) => {
      const scenario = drawScenario(seed)
      const expected = await runScenario(scenario, { open: reference.open })
      const result = await runScenario(scenario, { open })

      expect(result.violations).toEqual([])
      expect(outcomes(result)).toEqual(outcomes(expected))
    },
  )
})
