import type { ClientHost } from '@cruster/core'
import type {
  RunRecord as StoredRecord,
  ActiveRun,
  RunCause,
  RunError,
  RunOutcome,
  ScheduleSpec,
  ScheduleState,
} from './schedule-state.ts'
import type { ScheduleContract } from './schedule-contract.ts'
import { timetable } from './timetable.ts'

/** A run that is not over: it runs, pauses before another attempt, or waits for the run before it. */
export interface PendingRun {
  readonly run: number
  readonly scheduledAt: Date
  readonly cause: RunCause
  /** 0: it waits for its turn. */
  readonly attempt: number
  /** When its attempt may begin; undefined for one that waits for its turn. */
  readonly due: Date | undefined
}

/** A run that is over. */
export interface RunRecord {
  readonly run: number
  readonly scheduledAt: Date
  readonly cause: RunCause
  readonly outcome: RunOutcome
  readonly endedAt: Date
  /** 0: it never began. */
  readonly attempts: number
  readonly error: RunError | undefined
  /** For how many fires this stands; more than 1 only where several were missed. */
  readonly fires: number
}

/** How a schedule is doing. */
export interface ScheduleStatus {
  readonly schedule: string
  readonly timeZone: string
  /** Why it is paused, and since when; undefined when it is not. */
  readonly paused: { readonly since: Date; readonly reason: string | undefined } | undefined
  /** Undefined when it is paused or will never fire again. */
  readonly nextFireAt: Date | undefined
  /** Up to here it has been decided which fires are made. */
  readonly decidedUpTo: Date
  readonly active: readonly PendingRun[]
  readonly queued: readonly PendingRun[]
  /** How many runs ended in which way, since the schedule was made. */
  readonly counts: Readonly<Record<RunOutcome, number>>
}

/** Looks at one schedule and tells it what to do. */
export interface ScheduleClient {
  /** How it is doing. Undefined: there is no such schedule. */
  status(): Promise<ScheduleStatus | undefined>
  /** Ended runs, the last one first. */
  history(): Promise<readonly RunRecord[]>
  /** The next times it fires, the jitter left out. Not what is paused or deleted: none then. */
  next(count: number): Promise<readonly Date[]>
  /** Fires no more until it is resumed. Runs that have begun go on. False: it was paused already, or is not there. */
  pause(reason?: string): Promise<boolean>
  /** Fires again from now on. Fires in the pause are not made up for. False: it was not paused. */
  resume(): Promise<boolean>
  /** Runs now, beside the timetable. Resolves to the number of the run; undefined when there is no such schedule. */
  trigger(): Promise<number | undefined>
  /**
   * Runs for all times of the timetable after `from`, up to and including `to`, one after the other unless runs may overlap;
   * at most 1000. Resolves to how many these are.
   */
  backfill(span: { readonly from: Date; readonly to: Date }): Promise<number>
}

/** The client of one schedule. */
export function scheduleClient(host: ClientHost, contract: ScheduleContract, id: string): ScheduleClient {
  const schedule = host.client(contract).get(id)
  return {
    status: async () => statusOf(await schedule.look()),
    history: async () => (await schedule.look()).history.map(recordOf),
    next: async (count) => nextFires(await schedule.look(), host.services.clock.now(), count),
    pause: async (reason) => schedule.pause(reason),
    resume: async () => schedule.resume(),
    trigger: async () => schedule.trigger(),
    backfill: async ({ from, to }) => schedule.backfill({ from: from.getTime(), to: to.getTime() }),
  }
}

function statusOf(state: ScheduleState): ScheduleStatus | undefined {
  const { spec, paused, next, active, queue, counts, cursor } = state
  if (spec === undefined) return undefined
  return {
    schedule: spec.schedule,
    timeZone: spec.timeZone,
    paused: paused === undefined ? undefined : { since: new Date(paused.since), reason: paused.reason },
    nextFireAt: next === undefined ? undefined : new Date(next.at),
    decidedUpTo: new Date(cursor),
    active: active.map(pendingRun),
    queued: queue.map((run) => ({ ...run, scheduledAt: new Date(run.scheduledAt), attempt: 0, due: undefined })),
    counts,
  }
}

function pendingRun({ run, scheduledAt, cause, attempt, due }: ActiveRun): PendingRun {
  return { run, scheduledAt: new Date(scheduledAt), cause, attempt, due: new Date(due) }
}

function recordOf({ run, scheduledAt, cause, outcome, endedAt, attempts, error, missed }: StoredRecord): RunRecord {
  const times = { scheduledAt: new Date(scheduledAt), endedAt: new Date(endedAt) }
  return { run, cause, outcome, attempts, error, ...times, fires: missed?.count ?? 1 }
}

function nextFires({ spec, paused, cursor }: ScheduleState, now: number, count: number): readonly Date[] {
  if (spec === undefined || paused !== undefined) return []
  return upcoming(spec, Math.max(now, cursor), count)
}

function upcoming(spec: ScheduleSpec, after: number, count: number): readonly Date[] {
  const table = timetable(spec)
  const times: Date[] = []
  for (let time = table.after(after); time !== undefined && times.length < count; time = table.after(time)) {
    times.push(new Date(time))
  }
  return times
}
