import type { RetryPolicy } from '@cruster/core'
import type { CatchUp, Missed } from './decide-fires.ts'
import type { TimetableText } from './timetable.ts'

/** What happens when a fire is due while a run of the same schedule is not over yet. */
export type Overlap = 'skip' | 'queue' | 'cancel' | 'allow'

/** A schedule with every default in place; times in milliseconds. */
export interface ScheduleSpec extends TimetableText, CatchUp {
  /** Name of the handler that runs. */
  readonly handler: string
  readonly input?: unknown
  readonly overlap: Overlap
  readonly jitterMs: number
  readonly retry: RetryPolicy
  readonly timeoutMs: number | undefined
  /** How many ended runs are remembered. */
  readonly history: number
}

/** Why a run exists: its time came, somebody triggered it, or it was asked for afterwards. */
export type RunCause = 'schedule' | 'trigger' | 'backfill'

/** A run that is not over. */
export interface ActiveRun {
  /** Numbers of one schedule grow from 1. */
  readonly run: number
  readonly scheduledAt: number
  readonly cause: RunCause
  readonly firedAt: number
  /** 1 for the first. */
  readonly attempt: number
  /** When this attempt may begin. */
  readonly due: number
}

/** A run that waits for the one before it. */
export type QueuedRun = Pick<ActiveRun, 'run' | 'scheduledAt' | 'cause'>

/** How a run ended. `missed` and `skipped` ones never began. */
export type RunOutcome = 'succeeded' | 'failed' | 'cancelled' | 'skipped' | 'missed'

/** The error of a run, for people. */
export interface RunError {
  readonly name: string
  readonly message: string
}

/** A run that is over. */
export interface RunRecord {
  readonly run: number
  readonly scheduledAt: number
  readonly cause: RunCause
  readonly outcome: RunOutcome
  readonly endedAt: number
  readonly attempts: number
  readonly error?: RunError | undefined
  /** Of `missed`: how many fires this stands for, the first of which is `scheduledAt`. */
  readonly missed?: Missed | undefined
}

/** When the schedule looks at the clock again. */
export interface NextFire {
  /** The time of the timetable. */
  readonly at: number
  /** When it is looked at: later by the jitter. */
  readonly due: number
  readonly wake: number
}

/** All that is stored of a schedule. */
export interface ScheduleState {
  /** Undefined: there is no such schedule, or no longer. */
  readonly spec: ScheduleSpec | undefined
  /** All times up to here have been decided. */
  readonly cursor: number
  readonly next: NextFire | undefined
  readonly paused: { readonly since: number; readonly reason: string | undefined } | undefined
  readonly active: readonly ActiveRun[]
  readonly queue: readonly QueuedRun[]
  /** Number of the last run, and of the last wake. */
  readonly runs: number
  readonly wakes: number
  readonly counts: Readonly<Record<RunOutcome, number>>
  /** Newest first. */
  readonly history: readonly RunRecord[]
}

/** A schedule that nobody has made yet. */
export const noSchedule: ScheduleState = {
  spec: undefined,
  cursor: 0,
  next: undefined,
  paused: undefined,
  active: [],
  queue: [],
  runs: 0,
  wakes: 0,
  counts: { succeeded: 0, failed: 0, cancelled: 0, skipped: 0, missed: 0 },
  history: [],
}
