import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'
import type { GivenOutcome } from './given-outcome.ts'

/**
 * Whose fault a {@link StorageError} is. `storage`: it could not be asked or could not answer, which passes. `statement`: it
 * answered, and refused a statement of the handler's own, which the next attempt would meet again.
 */
export type StorageFault = 'storage' | 'statement'

/** How a {@link StorageError} is made. */
export interface StorageErrorOptions extends GivenOutcome {
  /** Default `storage`. */
  readonly fault?: StorageFault
}

/** Storage could not be asked, could not answer, or refused a statement. The adapter's own error is the `cause`. */
export class StorageError extends CrusterError {
  static readonly code = 'STORAGE'
  override readonly name = 'StorageError'
  readonly code = StorageError.code
  readonly fault: StorageFault

  constructor(message: string, options: StorageErrorOptions) {
    super(message, options)
    this.fault = options.fault ?? 'storage'
  }

  override details(): Readonly<Record<string, unknown>> {
    return this.fault === 'storage' ? {} : { fault: this.fault }
  }

  static revive(details: ErrorDetails, options: GivenOutcome): StorageError {
    const fault = details.value('fault') === 'statement' ? 'statement' : 'storage'
    return new StorageError(details.message, { ...options, fault })
  }
}
