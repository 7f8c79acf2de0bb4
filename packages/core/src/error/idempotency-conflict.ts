import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** An idempotency key was used before with another input. This call did not start; the first one stands. */
export class IdempotencyConflict extends CrusterError {
  static readonly code = 'IDEMPOTENCY_CONFLICT'
  override readonly name = 'IdempotencyConflict'
  readonly code = IdempotencyConflict.code
  /** `type/id`. */
  readonly entity: string
  readonly method: string

  constructor(entity: string, method: string) {
    super(
      `The idempotency key of this call of ${entity} ${method} was used before with another input. ` +
        'This call was not started; the outcome of the first one stands. Use one key per intended effect.',
    )
    this.entity = entity
    this.method = method
  }

  override details(): Readonly<Record<string, unknown>> {
    return { entity: this.entity, method: this.method }
  }

  static revive(details: ErrorDetails): IdempotencyConflict {
    return new IdempotencyConflict(details.text('entity'), details.text('method'))
  }
}
