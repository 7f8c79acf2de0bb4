import { causeText } from './cause-text.ts'
import { CrusterError } from './cruster-error.ts'
import type { CrusterErrorOptions } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** The stored state of an entity cannot be used by this code. It was left as it is; the call did not start. */
export class StateUnusable extends CrusterError {
  static readonly code = 'STATE_UNUSABLE'
  override readonly name = 'StateUnusable'
  readonly code = StateUnusable.code
  /** `type/id`. */
  readonly entity: string
  readonly reason: string

  constructor(entity: string, reason: string, options: CrusterErrorOptions = {}) {
    super(
      `The stored state of ${entity} cannot be used: ${reason}${causeText(options.cause)}. Nothing was changed. ` +
        'Deploy code that can read it, or add a `migrate` function.',
      options,
    )
    this.entity = entity
    this.reason = reason
  }

  override details(): Readonly<Record<string, unknown>> {
    return { entity: this.entity, reason: this.reason }
  }

  static revive(details: ErrorDetails, options: CrusterErrorOptions): StateUnusable {
    return new StateUnusable(details.text('entity'), details.text('reason'), options)
  }
}
