import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** An execution has recorded as much as it may. */
export class JournalTooLarge extends CrusterError {
  static readonly code = 'JOURNAL_TOO_LARGE'
  override readonly name = 'JournalTooLarge'
  readonly code = JournalTooLarge.code
  /** `Workflow/ProcessOrder/order-7`. */
  readonly execution: string
  readonly entries: number
  readonly bytes: number

  constructor(execution: string, entries: number, bytes: number) {
    super(
      `${execution} has recorded ${entries} entries of ${bytes} bytes in all, which is its limit. The operation was not started. ` +
        'Begin a new run with `continueAsNew` before it comes to this, move parts into child workflows, record less, or raise the limit.',
    )
    this.execution = execution
    this.entries = entries
    this.bytes = bytes
  }

  override details(): Readonly<Record<string, unknown>> {
    return { execution: this.execution, entries: this.entries, bytes: this.bytes }
  }

  static revive(details: ErrorDetails): JournalTooLarge {
    return new JournalTooLarge(details.text('execution'), details.number('entries'), details.number('bytes'))
  }
}
