import type { Duration, RetryOptions } from '@cruster/core'
import { ConfigError, parseDuration, retryPolicy } from '@cruster/core'
import type { Overlap, ScheduleSpec } from './schedule-state.ts'
import { timetable } from './timetable.ts'

/** When something is to happen, and what happens when that does not work out. */
export interface ScheduleOptions {
  /**
   * A cron expression: five fields (minute, hour, day, month, weekday), six with seconds in front, or `@hourly`, `@daily`,
   * `@weekly`, `@monthly`, `@yearly`.
   */
  readonly schedule: string
  /** IANA name of the zone whose clocks are meant. Default `UTC`. */
  readonly timeZone?: string
  /**
   * When a fire is due and a run is not over yet: leave it out (`skip`, the default), let it wait (`queue`, at most 1000),
   * abort the run and start anew (`cancel`), or run both (`allow`). A run that pauses before another attempt is not over.
   */
  readonly overlap?: Overlap
  /** Fires that are at most this late are made up for, later ones are counted as missed. From 10 s. Default 1 day. */
  readonly catchUp?: Duration
  /** Of several late fires: make up for `all` (the default), or only for the `latest`. */
  readonly backfill?: 'all' | 'latest'
  /** Each fire waits for a random part of this. Default 0. `scheduledAt` stays what the expression says. */
  readonly jitter?: Duration
  /** How a run that fails is repeated. Default: one attempt. */
  readonly retry?: RetryOptions
  /** An attempt that takes longer is aborted, and has failed. Default: no limit. */
  readonly timeout?: Duration
  /** How many ended runs are remembered, 0 … 1000. Default 20. */
  readonly history?: number
}

const overlaps: ReadonlySet<string> = new Set<Overlap>(['skip', 'queue', 'cancel', 'allow'])
const backfills: ReadonlySet<string> = new Set<ScheduleSpec['backfill']>(['all', 'latest'])
const leastCatchUpMs = 10_000
const mostHistory = 1000

/**
 * Fills in the defaults.
 *
 * @throws ConfigError when an option cannot work.
 */
export function scheduleSpec(options: ScheduleOptions, handler: string, input?: unknown): ScheduleSpec {
  const { schedule, timeZone = 'UTC', timeout } = options
  timetable({ schedule, timeZone })
  return {
    ...policies(options),
    schedule,
    timeZone,
    handler,
    input,
    jitterMs: parseDuration(options.jitter ?? 0, 'jitter'),
    retry: retryPolicy(options.retry ?? { attempts: 1 }),
    timeoutMs: timeout === undefined ? undefined : parseDuration(timeout, 'timeout'),
  }
}

function policies(options: ScheduleOptions): Pick<ScheduleSpec, 'overlap' | 'backfill' | 'history' | 'catchUpMs'> {
  const { overlap = 'skip', backfill = 'all', history = 20, catchUp = '1 day' } = options
  const catchUpMs = parseDuration(catchUp, 'catchUp')
  if (!overlaps.has(overlap)) refuse('overlap', 'skip, queue, cancel or allow', overlap)
  if (!backfills.has(backfill)) refuse('backfill', 'all or latest', backfill)
  if (!isCount(history, mostHistory)) refuse('history', `a whole number from 0 to ${mostHistory}`, history)
  if (catchUpMs < leastCatchUpMs) refuse('catchUp', '10s or longer: another runner may need that to take over', catchUp)
  return { overlap, backfill, history, catchUpMs }
}

const isCount = (value: number, most: number): boolean => Number.isInteger(value) && value >= 0 && value <= most

function refuse(option: string, allowed: string, value: unknown): never {
  throw new ConfigError(`${option} of a schedule must be ${allowed}; it is ${String(value)}.`)
}
