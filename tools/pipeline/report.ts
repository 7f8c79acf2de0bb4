import type { StepResult } from './run-steps.ts'

const marks = { passed: '✓', failed: '✗', skipped: '-' }

/** Prints a step as it ends; what it said only if it did not pass. */
export function printStep({ name, result, seconds, output }: StepResult): void {
  console.log(`${marks[result]} ${name.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`)
  if (result !== 'passed') console.log(`${output.trimEnd().replaceAll(/^/gm, '    ')}\n`)
}

/** Prints the times of all steps and the names of those that did not pass. */
export function printSummary(results: readonly StepResult[]): void {
  console.log('\nsummary')
  for (const { name, result, seconds } of results) {
    console.log(`  ${marks[result]} ${name.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`)
  }
  const bad = results.filter(({ result }) => result !== 'passed').map(({ name }) => name)
  console.log(bad.length === 0 ? 'all steps passed' : `steps that did not pass: ${bad.join(', ')}`)
}
