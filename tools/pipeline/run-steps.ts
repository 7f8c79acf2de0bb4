import type { Ended } from './capture.ts'

/** One thing to do, with the names of the steps that must have passed before. */
export interface Step {
  readonly name: string
  readonly after?: readonly string[]
  readonly run: () => Promise<Ended>
}

export interface StepResult {
  readonly name: string
  readonly result: 'passed' | 'failed' | 'skipped'
  readonly seconds: number
  readonly output: string
}

/**
 * Runs steps in the given order, several at a time, and reports each as it ends.
 *
 * A step waits for those in its `after`; if one of them did not pass it is skipped. `after` names only earlier steps.
 */
export async function runSteps(
  steps: readonly Step[],
  options: { readonly atOnce: number; readonly onEnd: (result: StepResult) => void },
): Promise<readonly StepResult[]> {
  const ended = new Map<string, Promise<StepResult>>()
  const running = new Set<Promise<StepResult>>()
  for (const step of steps) {
    while (running.size >= options.atOnce) await Promise.race(running)
    const before = (step.after ?? []).flatMap((name) => ended.get(name) ?? [])
    const result = runStep(step, before).then((done) => {
      options.onEnd(done)
      running.delete(result)
      return done
    })
    running.add(result)
    ended.set(step.name, result)
  }
  return Promise.all(ended.values())
}

async function runStep(step: Step, before: readonly Promise<StepResult>[]): Promise<StepResult> {
  const blockers = (await Promise.all(before)).filter(({ result }) => result !== 'passed')
  if (blockers.length > 0) {
    const output = `not run, because of: ${blockers.map(({ name }) => name).join(', ')}`
    return { name: step.name, result: 'skipped', seconds: 0, output }
  }
  const began = performance.now()
  const { code, output } = await step.run().catch((error: unknown) => ({ code: 1, output: String(error) }))
  const seconds = (performance.now() - began) / 1000
  return { name: step.name, result: code === 0 ? 'passed' : 'failed', seconds, output }
}
