import type { ClientFactory, Epoch, HandlerLog } from '@cruster/core'
import type { SqlTransaction } from '@cruster/core/ports'

/** What the handler of a schedule gets. Use it only until the handler ends. */
export interface CronContext<Input = undefined> {
  /** Name of the schedule. */
  readonly name: string
  /** The time for which this run is made, as the expression says: whatever the delay, the jitter, or the attempt. */
  readonly scheduledAt: Date
  /** Why there is this run: its time came, somebody triggered it, or asked for it afterwards. */
  readonly cause: 'schedule' | 'trigger' | 'backfill'
  /** Number of the run among the runs of the schedule. */
  readonly run: number
  /** 1 for the first attempt. An attempt that is made again after a crash has the same number. */
  readonly attempt: number
  /** The same for all attempts of a run: for services that take such a key. */
  readonly idempotencyKey: string
  /** What the schedule was made with. */
  readonly input: Input
  /** Aborts when the attempt takes too long, the run is cancelled, or the runner loses the schedule. */
  readonly signal: AbortSignal
  /** The ownership under which this run is made. */
  readonly epoch: Epoch
  readonly log: HandlerLog
  /** Commits with the end of the run, or not at all: in effect exactly once. Opens with the first statement. */
  readonly tx: SqlTransaction
  /** Calls entities and others. */
  readonly client: ClientFactory
}

/** What a schedule does. */
export type CronHandler<Input = undefined> = (context: CronContext<Input>) => unknown
