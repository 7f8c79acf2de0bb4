import { causeText } from './cause-text.ts'
import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** The execution of a workflow was cancelled. Inside of it: what it waited for is given up; outside: its result. */
export class WorkflowCancelled extends CrusterError {
  static readonly code = 'WORKFLOW_CANCELLED'
  override readonly name = 'WorkflowCancelled'
  readonly code = WorkflowCancelled.code
  /** `Workflow/ProcessOrder/order-7`. */
  readonly execution: string
  /** As the canceller gave it. */
  readonly reason: string | undefined

  constructor(execution: string, reason?: string) {
    super(
      `${execution} was cancelled${causeText(reason)}. What it had done before stays done, unless it undid that itself.`,
      { outcome: 'failed' },
    )
    this.execution = execution
    this.reason = reason
  }

  override details(): Readonly<Record<string, unknown>> {
    return { execution: this.execution, reason: this.reason }
  }

  static revive(details: ErrorDetails): WorkflowCancelled {
    const reason = details.value('reason')
    return new WorkflowCancelled(details.text('execution'), typeof reason === 'string' ? reason : undefined)
  }
}
