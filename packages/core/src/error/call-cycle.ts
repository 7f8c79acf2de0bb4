import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** An entity would wait for itself, for ever. The call was refused before it started. */
export class CallCycle extends CrusterError {
  static readonly code = 'CALL_CYCLE'
  override readonly name = 'CallCycle'
  readonly code = CallCycle.code
  /** Entities in the order of the calls, outermost first; the last is the one that was to be called. */
  readonly chain: readonly string[]

  constructor(chain: readonly string[]) {
    super(
      `An entity would wait for itself: ${chain.join(' → ')}. The last call was not started. ` +
        'Use `notify` for it, or move the call out of the activity.',
    )
    this.chain = chain
  }

  override details(): Readonly<Record<string, unknown>> {
    return { chain: this.chain }
  }

  static revive(details: ErrorDetails): CallCycle {
    return new CallCycle(details.texts('chain'))
  }
}
