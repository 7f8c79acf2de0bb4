import type { RequestId } from '@cruster/core'
import type { StoredMessage, Timer } from '@cruster/core/ports'
import type { Job } from '../entity/job.ts'

/** `scheduled` → `queued` → `running` → gone; back to `queued` when a delivery failed. */
export type EntryPhase = 'scheduled' | 'queued' | 'running'

/** A pending stored message that its owner has in memory, with the job of its next or running delivery. */
export interface InboxEntry {
  readonly id: RequestId
  readonly sequence: number
  readonly message: StoredMessage
  phase: EntryPhase
  /** Deliveries that were made or may have been made, by this owner and former ones. */
  deliveries: number
  job: Job
  /** Of a scheduled message: fires when it is due. */
  timer: Timer | undefined
}

/**
 * The entry of a message that was just read. `mayHaveRun`: a former owner had it and may have started it, so its next
 * delivery is counted before it is made.
 */
export function inboxEntry(message: StoredMessage, job: Job, mayHaveRun: boolean): InboxEntry {
  const deliveries = message.attempts + (mayHaveRun ? 1 : 0)
  return { id: message.id, sequence: message.sequence, message, phase: 'queued', deliveries, job, timer: undefined }
}
