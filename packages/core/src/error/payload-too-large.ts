import type { CrusterErrorOptions } from './cruster-error.ts'
import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** An encoded value is larger than the cluster carries. */
export class PayloadTooLarge extends CrusterError {
  static readonly code = 'PAYLOAD_TOO_LARGE'
  override readonly name = 'PayloadTooLarge'
  readonly code = PayloadTooLarge.code
  /** In bytes, as `limit`. */
  readonly size: number
  readonly limit: number

  constructor(size: number, limit: number, options: CrusterErrorOptions = {}) {
    super(
      `A payload of ${size} bytes is larger than the limit of ${limit}. It was not sent. ` +
        'Store large data elsewhere and send a reference, or raise the limit on every runner.',
      options,
    )
    this.size = size
    this.limit = limit
  }

  override details(): Readonly<Record<string, unknown>> {
    return { size: this.size, limit: this.limit }
  }

  static revive(details: ErrorDetails, options: CrusterErrorOptions): PayloadTooLarge {
    return new PayloadTooLarge(details.number('size'), details.number('limit'), options)
  }
}
