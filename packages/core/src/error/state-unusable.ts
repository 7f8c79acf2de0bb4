import { CrusterError } from './cruster-error.ts'

/** The stored state of an entity cannot be used by this code. It was left as it is; the call did not start. */
export class StateUnusable extends CrusterError {
  override readonly name = 'StateUnusable'
  readonly code = 'STATE_UNUSABLE'
  /** `type/id`. */
  readonly entity: string
  readonly reason: string

  constructor(entity: string, reason: string, cause?: unknown) {
    super(
      `The stored state of ${entity} cannot be used: ${reason}. Nothing was changed. ` +
        'Deploy code that can read it, or add a `migrate` function.',
      { cause },
    )
    this.entity = entity
    this.reason = reason
  }

  override details(): Readonly<Record<string, unknown>> {
    return { entity: this.entity, reason: this.reason }
  }
}
