import { ConfigError } from '@cruster/core'
import { Cron } from 'croner'

/** When something is due, as a function of time alone. All times are milliseconds since 1970. */
export interface Timetable {
  /** The first time later than `time`; undefined when there is none. */
  after(time: number): number | undefined
}

/** What a timetable is written as. */
export interface TimetableText {
  /** Five fields, six with seconds in front, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. */
  readonly schedule: string
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string
}

const form = /^(@\w+|\S+(\s+\S+){4,5})$/u

/**
 * Reads a cron expression.
 *
 * Where clocks go forward, a fixed time that does not exist is due when the gap ends; where they go back, a fixed time
 * that comes twice is due the first time. Expressions with a wildcard or a step in seconds, minutes or hours follow
 * elapsed time: they skip the gap, and are due in both of the hours that have the same name.
 *
 * @throws ConfigError when the expression or the time zone cannot be understood, or is never due.
 */
export function timetable({ schedule, timeZone }: TimetableText): Timetable {
  const cron = readCron(schedule, timeZone)
  return { after: (time) => cron.nextRun(new Date(time))?.getTime() }
}

function readCron(schedule: string, timeZone: string): Cron {
  if (!form.test(schedule.trim())) {
    throw new ConfigError(
      `The schedule "${schedule}" is no cron expression. Write five fields (minute, hour, day, month, weekday), ` +
        'six with seconds in front, or a form such as "@daily".',
    )
  }
  const cron = parsed(schedule, timeZone)
  if (cron.nextRun(new Date(0)) !== null) return cron
  throw new ConfigError(`The schedule "${schedule}" is never due. Name a day that exists.`)
}

function parsed(schedule: string, timeZone: string): Cron {
  try {
    const cron = new Cron(schedule.trim(), { timezone: timeZone, paused: true, fixedTimeRule: 'no-wildcard' })
    // Reading a time in the zone is what finds out whether there is such a zone.
    cron.nextRun(new Date(0))
    return cron
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`The schedule "${schedule}" in the time zone "${timeZone}" cannot be used: ${reason}`, {
      cause: error,
    })
  }
}
