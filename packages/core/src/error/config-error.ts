import type { CrusterErrorOptions } from './cruster-error.ts'
import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** A definition, an option or an argument cannot work. Nothing was started or stored. */
export class ConfigError extends CrusterError {
  static readonly code = 'CONFIG'
  override readonly name = 'ConfigError'
  readonly code = ConfigError.code

  static revive(details: ErrorDetails, options: CrusterErrorOptions): ConfigError {
    return new ConfigError(details.message, options)
  }
}
