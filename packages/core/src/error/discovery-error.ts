import type { CrusterErrorOptions } from './cruster-error.ts'
import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** The registry of the cluster could not be asked, or refused. The adapter's own error is the `cause`. */
export class DiscoveryError extends CrusterError {
  static readonly code = 'DISCOVERY'
  override readonly name = 'DiscoveryError'
  readonly code = DiscoveryError.code

  static revive(details: ErrorDetails, options: CrusterErrorOptions): DiscoveryError {
    return new DiscoveryError(details.message, options)
  }
}
