import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** The entity's mailbox is at capacity. The message was refused, not queued. */
export class MailboxFull extends CrusterError {
  static readonly code = 'MAILBOX_FULL'
  override readonly name = 'MailboxFull'
  readonly code = MailboxFull.code
  /** `type/id`. */
  readonly entity: string
  readonly capacity: number

  constructor(entity: string, capacity: number) {
    super(
      `${entity} refused the message: its mailbox already holds ${capacity}. Nothing was queued. ` +
        'Retry with backoff, or raise `mailboxCapacity` of this entity.',
    )
    this.entity = entity
    this.capacity = capacity
  }

  override details(): Readonly<Record<string, unknown>> {
    return { entity: this.entity, capacity: this.capacity }
  }

  static revive(details: ErrorDetails): MailboxFull {
    return new MailboxFull(details.text('entity'), details.number('capacity'))
  }
}
