import type { RequestId } from '@cruster/core'
import type { StoredMessage, Timer } from '@cruster/core/ports'
import type { Job } from '../entity/job.ts'

/** `scheduled` → `queued` → `running` → gone; over `resting` back to `queued` when a delivery failed. */
export type EntryPhase = 'scheduled' | 'queued' | 'running' | 'resting'

/** A pending stored message that its owner has in memory, with the job of its next or running delivery. */
export interface InboxEntry {
  readonly id: RequestId
  readonly sequence: number
  readonly message: StoredMessage
  phase: EntryPhase
  /** On the monotonic clock. */
  readonly dueAt: number
  /** Deliveries that were made or may have been made, by this owner and former ones. */
  deliveries: number
  /** Deliveries in a row that failed without being counted. */
  outages: number
  /** Deliveries that storage has counted; undefined when that is not known. */
  counted: number | undefined
  job: Job
  /** Of a scheduled message: fires when it is due. */
  timer: Timer | undefined
}

interface Arrival {
  readonly job: Job
  /** A former owner had it and may have started it, so its next delivery is counted before it is made. */
  readonly mayHaveRun: boolean
  readonly dueAt: number
}

/** The entry of a message that was just read or pushed. */
export function inboxEntry(message: StoredMessage, { job, mayHaveRun, dueAt }: Arrival): InboxEntry {
  const { id, sequence, attempts } = message
  return {
    id,
    sequence,
    message,
    phase: 'queued',
    dueAt,
    deliveries: attempts + (mayHaveRun ? 1 : 0),
    outages: 0,
    counted: attempts,
    job,
    timer: undefined,
  }
}
