import { SimulationFailed } from '@cruster/testing'
import { runScenario } from './run-scenario.ts'
import { drawScenario } from './scenario.ts'
import { shrinkScenario } from './shrink-scenario.ts'

export interface ReplayOptions {
  readonly shrink: boolean
  /** Show everything that happened, not only what the broken promise is about. */
  readonly all: boolean
}

/** Runs one seed again and tells what happened. True when all promises were kept. */
export async function replay(seed: number, options: ReplayOptions): Promise<boolean> {
  const drawn = drawScenario(seed)
  const first = await runScenario(drawn)
  const isSmaller = options.shrink && first.violations.length > 0
  const scenario = isSmaller ? await shrinkScenario(drawn, first) : drawn
  const result = isSmaller ? await runScenario(scenario) : first
  if (options.all) console.log(result.trace.lines().join('\n'))
  const { length } = result.history.operations
  console.log(
    `seed ${seed}: ${scenario.runners} runners, ${scenario.steps.length} steps, ${length} operations, ${result.plan.length} faults`,
  )
  if (result.violations.length === 0) console.log('all promises were kept')
  else console.log(new SimulationFailed({ ...result, replay: `pnpm sim --seed ${seed}` }).message)
  return result.violations.length === 0
}
