import type { CrusterErrorOptions } from './cruster-error.ts'
import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** A bug in Cruster itself: something that cannot happen did. What the operation has done is unknown. */
export class Defect extends CrusterError {
  static readonly code = 'DEFECT'
  override readonly name = 'Defect'
  readonly code = Defect.code

  constructor(message: string, options: CrusterErrorOptions = {}) {
    super(message, { outcome: 'unknown', ...options })
  }

  static revive(details: ErrorDetails, options: CrusterErrorOptions): Defect {
    return new Defect(details.message, options)
  }
}
