import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** There is no execution under this id: it was never started, or ended so long ago that it is not kept any more. */
export class ExecutionNotFound extends CrusterError {
  static readonly code = 'EXECUTION_NOT_FOUND'
  override readonly name = 'ExecutionNotFound'
  readonly code = ExecutionNotFound.code
  /** `Workflow/ProcessOrder/order-7`. */
  readonly execution: string

  constructor(execution: string) {
    super(
      `There is no execution ${execution}. It was never started, or it ended and its retention has passed. Check its id; start it if it should run.`,
    )
    this.execution = execution
  }

  override details(): Readonly<Record<string, unknown>> {
    return { execution: this.execution }
  }

  static revive(details: ErrorDetails): ExecutionNotFound {
    return new ExecutionNotFound(details.text('execution'))
  }
}
