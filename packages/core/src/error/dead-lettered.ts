import { causeText } from './cause-text.ts'
import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** A stored message was given up after too many failed deliveries. It is kept, and can be redriven. */
export class DeadLettered extends CrusterError {
  static readonly code = 'DEAD_LETTERED'
  override readonly name = 'DeadLettered'
  readonly code = DeadLettered.code
  readonly attempts: number
  /** What the last failure said. */
  readonly reason: string

  constructor(attempts: number, reason: string) {
    super(
      `A stored message was given up after ${attempts} deliveries, the last of which failed${causeText(reason)}. ` +
        'It left nothing behind and will not run again by itself. Remove the cause, then redrive it.',
      { outcome: 'failed' },
    )
    this.attempts = attempts
    this.reason = reason
  }

  override details(): Readonly<Record<string, unknown>> {
    return { attempts: this.attempts, reason: this.reason }
  }

  static revive(details: ErrorDetails): DeadLettered {
    return new DeadLettered(details.number('attempts'), details.text('reason'))
  }
}
