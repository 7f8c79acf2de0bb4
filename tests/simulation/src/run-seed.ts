import { undecided } from './checks/check-linearizable.ts'
import { runScenario } from './run-scenario.ts'
import { drawScenario } from './scenario.ts'
import type { SeedReport } from './seed-report.ts'

/** Draws the scenario of a seed and runs it. */
export async function runSeed(seed: number): Promise<SeedReport> {
  const before = undecided.count
  const { violations, history, plan, lastedMs } = await runScenario(drawScenario(seed))
  return {
    seed,
    violations,
    operations: history.operations.length,
    faults: plan.length,
    virtualMs: lastedMs,
    undecided: undecided.count - before,
  }
}
