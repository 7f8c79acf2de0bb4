import type { Fault } from './fault.ts'
import type { SimulationTrace } from './simulation-trace.ts'
import type { Violation } from './violation.ts'

/** Lines of a trace that are shown: the last ones. */
const shownLines = 80

/** A simulation in which a promise was broken. The message tells which, what led to it, and how to see it again. */
export class SimulationFailed extends Error {
  override readonly name = 'SimulationFailed'
  readonly seed: number
  readonly violations: readonly Violation[]
  readonly plan: readonly Fault[]

  constructor(run: {
    readonly seed: number
    readonly violations: readonly Violation[]
    readonly plan: readonly Fault[]
    readonly trace: SimulationTrace
    readonly replay: string
  }) {
    super(report(run))
    this.seed = run.seed
    this.violations = run.violations
    this.plan = run.plan
  }
}

function report(run: ConstructorParameters<typeof SimulationFailed>[0]): string {
  const [first] = run.violations
  const about = first?.about === undefined ? undefined : [first.about]
  const lines = run.trace.lines(about)
  const left = lines.length - shownLines
  return [
    `Seed ${run.seed} breaks a promise.`,
    ...run.violations.slice(0, 5).map(({ check, message }) => `  ${check}: ${message}`),
    ...(run.violations.length > 5 ? [`  and ${run.violations.length - 5} more`] : []),
    '',
    about === undefined ? 'What happened:' : `What happened, as far as it concerns ${about.join(', ')}:`,
    ...(left > 0 ? [`  … ${left} earlier lines`] : []),
    ...lines.slice(-shownLines),
    '',
    `Again: ${run.replay}`,
  ].join('\n')
}
