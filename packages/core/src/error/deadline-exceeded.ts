import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'
import type { GivenOutcome } from './given-outcome.ts'
import { outcomeText } from './outcome-text.ts'

/** The time given to an operation ran out before its result was known. */
export class DeadlineExceeded extends CrusterError {
  static readonly code = 'DEADLINE_EXCEEDED'
  override readonly name = 'DeadlineExceeded'
  readonly code = DeadlineExceeded.code
  /** The operation, for people: `Counter/a increment`. */
  readonly what: string
  readonly timeoutMs: number

  constructor(what: string, timeoutMs: number, options: GivenOutcome) {
    super(
      `${what} did not finish within ${timeoutMs} ms. ${outcomeText(options.outcome)} ` +
        'Give it a longer `timeout` if it needs more time.',
      options,
    )
    this.what = what
    this.timeoutMs = timeoutMs
  }

  override details(): Readonly<Record<string, unknown>> {
    return { what: this.what, timeoutMs: this.timeoutMs }
  }

  static revive(details: ErrorDetails, options: GivenOutcome): DeadlineExceeded {
    return new DeadlineExceeded(details.text('what'), details.number('timeoutMs'), options)
  }
}
