import type { SimulationResult } from '@cruster/testing'
import { shrink } from '@cruster/testing'
import { runScenario } from './run-scenario.ts'
import type { Scenario } from './scenario.ts'

/** A smaller scenario that breaks the same promise: fewer faults, then fewer steps, then fewer faults again. */
export async function shrinkScenario(scenario: Scenario, failed: SimulationResult): Promise<Scenario> {
  const check = failed.violations[0]?.check
  const fails = async (smaller: Scenario): Promise<boolean> =>
    (await runScenario(smaller)).violations.some((violation) => violation.check === check)
  let smallest: Scenario = { ...scenario, faults: failed.plan }
  smallest = await fewerFaults(smallest, fails)
  const steps = await shrink(smallest.steps, (rest) => fails({ ...smallest, steps: rest }))
  return fewerFaults({ ...smallest, steps }, fails)
}

async function fewerFaults(scenario: Scenario, fails: (smaller: Scenario) => Promise<boolean>): Promise<Scenario> {
  if (typeof scenario.faults === 'string') return scenario
  const faults = await shrink(scenario.faults, (rest) => fails({ ...scenario, faults: rest }))
  return { ...scenario, faults }
}
