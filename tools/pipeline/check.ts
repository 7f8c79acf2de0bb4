import { checks } from './checks.ts'
import { printStep, printSummary } from './report.ts'
import { runSteps } from './run-steps.ts'

/** `pnpm check [name…]`: all checks, or those named. */
const names = process.argv.slice(2)
const unknown = names.filter((name) => !checks.some((check) => check.name === name))
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(', ')}; there are ${checks.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}

const wanted = names.length === 0 ? checks : checks.filter(({ name }) => names.includes(name))
const results = await runSteps(wanted, { atOnce: 2, onEnd: printStep })
printSummary(results)
process.exitCode = results.every(({ result }) => result === 'passed') ? 0 : 1
