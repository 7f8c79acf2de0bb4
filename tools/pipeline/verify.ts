import { checks } from './checks.ts'
import { provideChromium } from './chromium.ts'
import { provideEtcd } from './etcd.ts'
import { printStep, printSummary } from './report.ts'
import { runSteps, type Step, type StepResult } from './run-steps.ts'
import { runTests, type Counts } from './vitest.ts'

/**
 * Everything that a change must pass: the checks, then the tests. `npm test` ends here.
 *
 * Arguments are the steps that the bootstrap has done, for the summary: `install=1.5`.
 */
const done = process.argv.slice(2).map((argument): StepResult => {
  const [name = '', seconds] = argument.split('=')
  return { name, result: 'passed', seconds: Number(seconds), output: '' }
})

/** Tests of clusters take longest: of one process, of several, and of several in bad weather. */
const clusters = ['cluster', 'cluster-tests', 'process', 'chaos', 'workflow-kills']
const projects = (names: readonly string[]): readonly string[] => names.flatMap((name) => ['--project', name])

const counts: Counts[] = []
const tests: readonly Step[] = [
  { name: 'tests', run: () => runTests(projects(clusters.map((name) => `!${name}`)), counts) },
  { name: 'cluster tests', run: () => runTests(projects(clusters), counts) },
]

const programs: readonly Step[] = [
  { name: 'browser', run: provideChromium },
  { name: 'etcd', run: provideEtcd },
]
const results = [
  ...done,
  ...(await runSteps([...programs, ...checks], { atOnce: 2, onEnd: printStep })),
  ...(await runSteps(tests, { atOnce: 1, onEnd: printStep })),
]

printSummary(results)
const sum = (key: 'passed' | 'failed'): number => counts.reduce((total, count) => total + count[key], 0)
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`)
for (const title of counts.flatMap(({ titles }) => titles)) console.log(`  ✗ ${title}`)
process.exitCode = results.every(({ result }) => result === 'passed') ? 0 : 1
