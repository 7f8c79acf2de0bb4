import type { RunError, ScheduleSpec, ScheduleState } from './schedule-state.ts'

/** What can happen to a schedule. */
export type ScheduleEvent =
  /** The schedule is to be like this. */
  | { readonly kind: 'put'; readonly spec: ScheduleSpec }
  | { readonly kind: 'delete' }
  | { readonly kind: 'pause'; readonly reason: string | undefined }
  | { readonly kind: 'resume' }
  | { readonly kind: 'trigger' }
  /** Runs for all times after `from`, up to and including `to`. */
  | { readonly kind: 'backfill'; readonly from: number; readonly to: number }
  /** The message for the next fire is due. */
  | { readonly kind: 'wake'; readonly wake: number }
  /** An attempt is over. */
  | { readonly kind: 'ended'; readonly run: number; readonly attempt: number; readonly error: RunFailure | undefined }
  /** The message for the next fire is not there any more. */
  | { readonly kind: 'wakeLost' }

/** Why an attempt failed. */
export interface RunFailure extends RunError {
  /** Another attempt would end in the same way. */
  readonly isFinal: boolean
}

/** What the shell has to do, in the unit that stores the new state. */
export type ScheduleEffect =
  /** Send a message that wakes the schedule. */
  | { readonly kind: 'wake'; readonly wake: number; readonly due: number }
  /** Send a message that makes an attempt. */
  | { readonly kind: 'run'; readonly run: number; readonly attempt: number; readonly due: number }

/** The moment, and one random number from [0, 1) for each draw. */
export interface Moment {
  readonly now: number
  readonly random: () => number
}

export interface ScheduleTransition {
  readonly state: ScheduleState
  readonly effects: readonly ScheduleEffect[]
}

/** The most runs that one backfill asks for, and that wait for their turn. */
export const mostQueued = 1000
