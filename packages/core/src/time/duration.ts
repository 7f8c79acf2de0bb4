import { ConfigError } from '../error/config-error.ts'

const unitMs = {
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
} as const

/** What a written duration can end with. */
export type DurationUnit = keyof typeof unitMs

/** A length of time: milliseconds, or a number with its unit, such as `'30s'`, `'1.5h'` or `'5 minutes'`. */
export type Duration = number | `${number}${DurationUnit}` | `${number} ${DurationUnit}`

const written = /^(\d+(?:\.\d+)?) ?([a-z]+)$/u

/**
 * The duration in milliseconds.
 *
 * @param what - what the duration is for, as the error names it: `timeout of Counter.increment`
 * @throws ConfigError when it is no duration: negative, not finite, or with an unknown unit.
 */
export function parseDuration(duration: Duration, what: string): number {
  const ms = typeof duration === 'number' ? duration : parseText(duration)
  if (Number.isFinite(ms) && ms >= 0) return ms
  throw new ConfigError(
    `${JSON.stringify(duration) ?? String(duration)} is not a duration, but was given as the ${what}. ` +
      'Write milliseconds as a number from 0, or a number with a unit, such as "30s", "5 minutes" or "1.5h".',
  )
}

function parseText(text: string): number {
  const [, amount, unit] = written.exec(text) ?? []
  return unit !== undefined && isUnit(unit) ? Number(amount) * unitMs[unit] : Number.NaN
}

const isUnit = (text: string): text is DurationUnit => Object.hasOwn(unitMs, text)

/** The duration in the largest unit that leaves no fraction: `90s`, `2h`. {@link parseDuration} reads it back. */
export function formatDuration(ms: number): Duration {
  const unit = (['d', 'h', 'm', 's'] as const).find((each) => ms !== 0 && ms % unitMs[each] === 0) ?? 'ms'
  return `${ms / unitMs[unit]}${unit}`
}
