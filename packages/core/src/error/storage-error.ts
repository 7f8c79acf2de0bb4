import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'
import type { GivenOutcome } from './given-outcome.ts'

/** Storage could not be asked, or could not answer. The adapter's own error is the `cause`. */
export class StorageError extends CrusterError {
  static readonly code = 'STORAGE'
  override readonly name = 'StorageError'
  readonly code = StorageError.code

  // oxlint-disable-next-line no-useless-constructor -- makes saying the outcome obligatory
  constructor(message: string, options: GivenOutcome) {
    super(message, options)
  }

  static revive(details: ErrorDetails, options: GivenOutcome): StorageError {
    return new StorageError(details.message, options)
  }
}
