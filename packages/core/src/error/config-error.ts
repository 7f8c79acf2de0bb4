import { CrusterError } from './cruster-error.ts'

/** A definition, an option or an argument cannot work. Nothing was started or stored. */
export class ConfigError extends CrusterError {
  override readonly name = 'ConfigError'
  readonly code = 'CONFIG'
}
