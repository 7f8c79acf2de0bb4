import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** No live runner serves the entity type. The call did not start. */
export class EntityNotFound extends CrusterError {
  static readonly code = 'ENTITY_NOT_FOUND'
  override readonly name = 'EntityNotFound'
  readonly code = EntityNotFound.code
  readonly entityType: string

  constructor(entityType: string) {
    super(
      `No runner serves the entity type "${entityType}". The call was not started. ` +
        'Register its implementation on a runner, and check that the contract has the same name on both sides.',
    )
    this.entityType = entityType
  }

  override details(): Readonly<Record<string, unknown>> {
    return { entityType: this.entityType }
  }

  static revive(details: ErrorDetails): EntityNotFound {
    return new EntityNotFound(details.text('entityType'))
  }
}
