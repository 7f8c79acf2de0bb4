const brand = Symbol.for('@cruster/core/CrusterError')

/**
 * Tells a caller whether the work behind a failed operation can have taken effect.
 *
 * - `not-started`: it did not happen and will not; retrying is safe.
 * - `failed`: it ran and ended with this error; an activity left nothing behind.
 * - `unknown`: it may have happened, or may still; retry with the same idempotency key only.
 */
export type Outcome = 'not-started' | 'failed' | 'unknown'

/** What every Cruster error can be made with besides its message. */
export interface CrusterErrorOptions {
  readonly outcome?: Outcome
  readonly cause?: unknown
}

/**
 * Base class of every error that Cruster itself raises: a closed family, told apart by `code`.
 *
 * Recognise it with {@link isCrusterError}, not `instanceof`: the brand survives two copies of this package in one
 * process.
 */
export abstract class CrusterError extends Error {
  /** Stable, documented, never reused for another meaning. */
  abstract readonly code: string
  readonly outcome: Outcome

  constructor(message: string, options: CrusterErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.outcome = options.outcome ?? 'not-started'
  }

  /** Fields that cross the wire beside `name`, `code`, `message` and `outcome`. Plain data. */
  details(): Readonly<Record<string, unknown>> {
    return {}
  }

  static {
    Object.defineProperty(CrusterError.prototype, brand, { value: true })
  }
}

/** Whether something thrown is an error of Cruster's own, of whatever copy of this package. */
export function isCrusterError(value: unknown): value is CrusterError {
  return typeof value === 'object' && value !== null && brand in value
}
