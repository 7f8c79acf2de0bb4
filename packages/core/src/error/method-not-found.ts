import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** The entity type has no such method, or none that this caller may see. The call did not start. */
export class MethodNotFound extends CrusterError {
  static readonly code = 'METHOD_NOT_FOUND'
  override readonly name = 'MethodNotFound'
  readonly code = MethodNotFound.code
  readonly entityType: string
  readonly method: string

  constructor(entityType: string, method: string) {
    super(
      `${entityType} has no method "${method}" that this caller may call. The call was not started. ` +
        'Check the name, its visibility, and that all runners run a version that has it.',
    )
    this.entityType = entityType
    this.method = method
  }

  override details(): Readonly<Record<string, unknown>> {
    return { entityType: this.entityType, method: this.method }
  }

  static revive(details: ErrorDetails): MethodNotFound {
    return new MethodNotFound(details.text('entityType'), details.text('method'))
  }
}
