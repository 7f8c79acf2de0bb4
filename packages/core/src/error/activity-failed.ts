import { causeText } from './cause-text.ts'
import { CrusterError } from './cruster-error.ts'
import type { GivenOutcome } from './given-outcome.ts'

/** What is known of an activity that failed. */
export interface FailedActivity {
  readonly activity: string
  /** How many attempts were made. */
  readonly attempts: number
}

/** An activity of a workflow failed in its last attempt; `cause` is the error of that. */
export class ActivityFailed extends CrusterError {
  static readonly code = 'ACTIVITY_FAILED'
  override readonly name = 'ActivityFailed'
  readonly code = ActivityFailed.code
  readonly activity: string
  readonly attempts: number

  constructor({ activity, attempts }: FailedActivity, options: GivenOutcome) {
    const times = attempts === 1 ? 'in its only attempt' : `${attempts} times`
    super(`The activity ${activity} failed ${times}${causeText(options.cause)}.`, options)
    this.activity = activity
    this.attempts = attempts
  }

  override details(): Readonly<Record<string, unknown>> {
    return { activity: this.activity, attempts: this.attempts }
  }
}
