import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** What an entity has enough of. */
export type Crowd = 'calls' | 'streams'

/** The entity's mailbox is at capacity, or it serves as many streams as it may. The request was refused, not queued. */
export class MailboxFull extends CrusterError {
  static readonly code = 'MAILBOX_FULL'
  override readonly name = 'MailboxFull'
  readonly code = MailboxFull.code
  /** `type/id`. */
  readonly entity: string
  readonly capacity: number
  /** What there are too many of. */
  readonly crowd: Crowd

  constructor(entity: string, capacity: number, crowd: Crowd = 'calls') {
    super(
      crowd === 'calls'
        ? `${entity} refused the message: its mailbox already holds ${capacity}. Nothing was queued. ` +
            'Retry with backoff, or raise `mailboxCapacity` of this entity.'
        : `${entity} refused the stream: it already serves ${capacity}. Nothing was opened. ` +
            'Retry with backoff, or raise `streamCapacity` of the runner.',
    )
    this.entity = entity
    this.capacity = capacity
    this.crowd = crowd
  }

  override details(): Readonly<Record<string, unknown>> {
    const { entity, capacity, crowd } = this
    return crowd === 'calls' ? { entity, capacity } : { entity, capacity, crowd }
  }

  static revive(details: ErrorDetails): MailboxFull {
    const crowd = details.value('crowd') === 'streams' ? 'streams' : 'calls'
    return new MailboxFull(details.text('entity'), details.number('capacity'), crowd)
  }
}
