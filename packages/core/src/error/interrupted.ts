import { causeText } from './cause-text.ts'
import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'
import type { GivenOutcome } from './given-outcome.ts'
import { outcomeText } from './outcome-text.ts'

/** Somebody gave the operation up: its signal aborted, its caller left, its message was cancelled. */
export class Interrupted extends CrusterError {
  static readonly code = 'INTERRUPTED'
  override readonly name = 'Interrupted'
  readonly code = Interrupted.code
  /** The operation, for people: `Counter/a increment`. */
  readonly what: string

  constructor(what: string, options: GivenOutcome) {
    super(`${what} was interrupted${causeText(options.cause)}. ${outcomeText(options.outcome)}`, options)
    this.what = what
  }

  override details(): Readonly<Record<string, unknown>> {
    return { what: this.what }
  }

  static revive(details: ErrorDetails, options: GivenOutcome): Interrupted {
    return new Interrupted(details.text('what'), options)
  }
}
