import { CrusterError } from './cruster-error.ts'

/** A value cannot be turned into bytes, or bytes cannot be turned into a value. The message names the place. */
export class CodecError extends CrusterError {
  static readonly code = 'CODEC'
  override readonly name = 'CodecError'
  readonly code = CodecError.code
}
