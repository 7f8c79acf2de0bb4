import { causeText } from './cause-text.ts'
import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'
import type { GivenOutcome } from './given-outcome.ts'
import { outcomeText } from './outcome-text.ts'

/** A runner cannot be reached, or the line to it broke. */
export class RunnerUnavailable extends CrusterError {
  static readonly code = 'RUNNER_UNAVAILABLE'
  override readonly name = 'RunnerUnavailable'
  readonly code = RunnerUnavailable.code
  /** Address of the runner, or a name for "any". */
  readonly runner: string

  constructor(runner: string, options: GivenOutcome) {
    super(
      `Runner ${runner} cannot be reached${causeText(options.cause)}. ${outcomeText(options.outcome)} ` +
        'Check that it runs, and that its address can be reached from here.',
      options,
    )
    this.runner = runner
  }

  override details(): Readonly<Record<string, unknown>> {
    return { runner: this.runner }
  }

  static revive(details: ErrorDetails, options: GivenOutcome): RunnerUnavailable {
    return new RunnerUnavailable(details.text('runner'), options)
  }
}
