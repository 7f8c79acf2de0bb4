import type { Outcome } from './cruster-error.ts'
import { unreachable } from './unreachable.ts'

/** The consequence of an outcome, and what to do, for the message of an error. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome) {
    case 'not-started':
      return 'It was not started; retrying is safe.'
    case 'failed':
      return 'It ran and left nothing behind.'
    case 'unknown':
      return 'It may have happened, or may still; retry with the same idempotency key only.'
    default:
      return unreachable(outcome)
  }
}
