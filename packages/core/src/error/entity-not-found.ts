import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** The runner that owns the entity's shard does not know the entity's type. The call did not start. */
export class EntityNotFound extends CrusterError {
  static readonly code = 'ENTITY_NOT_FOUND'
  override readonly name = 'EntityNotFound'
  readonly code = EntityNotFound.code
  readonly entityType: string

  constructor(entityType: string) {
    super(
      `The runner that owns this entity has no implementation of the type "${entityType}". The call was not started. ` +
        'Register it on every runner of its shard group, and check that the contract has the same name on both sides.',
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
