import { ConfigError } from '@cruster/core'
import { expect, it } from 'vitest'
import { timetable } from '../src/cron/timetable.ts'

interface Asked {
  readonly schedule: string
  readonly timeZone: string
  readonly from: string
}

/** The next `count` times after `from`, as `MM-DDTHH:MM` in UTC. */
function fires({ from, ...text }: Asked, count: number): readonly string[] {
  const table = timetable(text)
  const times: string[] = []
  let next = table.after(Date.parse(from))
  while (next !== undefined && times.length < count) {
    times.push(new Date(next).toISOString().slice(5, 16))
    next = table.after(next)
  }
  return times
}

it.each([
  ['*/15 * * * *', ['01-01T00:15', '01-01T00:30', '01-01T00:45']],
  ['30 */20 * * * *', ['01-01T00:00', '01-01T00:20', '01-01T00:40']],
  ['@hourly', ['01-01T01:00', '01-01T02:00', '01-01T03:00']],
  ['@daily', ['01-02T00:00', '01-03T00:00', '01-04T00:00']],
  ['@weekly', ['01-04T00:00', '01-11T00:00', '01-18T00:00']],
  ['@monthly', ['02-01T00:00', '03-01T00:00', '04-01T00:00']],
  ['@yearly', ['01-01T00:00', '01-01T00:00', '01-01T00:00']],
  ['0 12 * * MON-FRI', ['01-01T12:00', '01-02T12:00', '01-05T12:00']],
  ['0 0 1 * 1', ['01-05T00:00', '01-12T00:00', '01-19T00:00']],
  ['0 0 L * *', ['01-31T00:00', '02-28T00:00', '03-31T00:00']],
])('reads %s', (schedule, expected) => {
  expect(fires({ schedule, timeZone: 'UTC', from: '2026-01-01T00:00:00Z' }, 3)).toEqual(expected)
})

it('is due strictly later than the time that it is asked for', () => {
  const { after } = timetable({ schedule: '0 * * * * *', timeZone: 'UTC' })
  const minute = Date.UTC(2026, 0, 1, 0, 1)

  expect([minute - 1, minute, minute + 1].map((time) => after(time))).toEqual([
    minute,
    minute + 60_000,
    minute + 60_000,
  ])
})

it.each([
  {
    timeZone: 'Europe/Berlin',
    schedule: '30 2 * * *',
    from: '2026-03-28T12:00:00Z',
    expected: ['03-29T01:00', '03-30T00:30'],
  },
  {
    timeZone: 'Europe/Berlin',
    schedule: '15,45 2 * * *',
    from: '2026-03-28T12:00:00Z',
    expected: ['03-29T01:00', '03-30T00:15'],
  },
  {
    timeZone: 'Europe/Berlin',
    schedule: '0 3 * * *',
    from: '2026-03-28T12:00:00Z',
    expected: ['03-29T01:00', '03-30T01:00'],
  },
  {
    timeZone: 'Europe/Berlin',
    schedule: '*/30 * * * *',
    from: '2026-03-29T00:15:00Z',
    expected: ['03-29T00:30', '03-29T01:00'],
  },
  {
    timeZone: 'America/New_York',
    schedule: '30 2 * * *',
    from: '2026-03-07T12:00:00Z',
    expected: ['03-08T07:00', '03-09T06:30'],
  },
  {
    timeZone: 'America/New_York',
    schedule: '0 * * * *',
    from: '2026-03-08T06:30:00Z',
    expected: ['03-08T07:00', '03-08T08:00'],
  },
])('fires once when clocks go forward: $timeZone, $schedule', ({ expected, ...asked }) => {
  expect(fires(asked, 2)).toEqual(expected)
})

it.each([
  {
    timeZone: 'Europe/Berlin',
    schedule: '30 2 * * *',
    from: '2026-10-24T12:00:00Z',
    expected: ['10-25T00:30', '10-26T01:30', '10-27T01:30'],
  },
  {
    timeZone: 'Europe/Berlin',
    schedule: '15,45 2 * * *',
    from: '2026-10-24T12:00:00Z',
    expected: ['10-25T00:15', '10-25T00:45', '10-26T01:15'],
  },
  {
    timeZone: 'Europe/Berlin',
    schedule: '*/30 * * * *',
    from: '2026-10-24T23:45:00Z',
    expected: ['10-25T00:00', '10-25T00:30', '10-25T01:00'],
  },
  {
    timeZone: 'America/New_York',
    schedule: '30 1 * * *',
    from: '2026-10-31T12:00:00Z',
    expected: ['11-01T05:30', '11-02T06:30', '11-03T06:30'],
  },
  {
    timeZone: 'America/New_York',
    schedule: '0 * * * *',
    from: '2026-11-01T04:30:00Z',
    expected: ['11-01T05:00', '11-01T06:00', '11-01T07:00'],
  },
])(
  'fires fixed times once and intervals throughout when clocks go back: $timeZone, $schedule',
  ({ expected, ...asked }) => {
    expect(fires(asked, 3)).toEqual(expected)
  },
)

it.each(['', '* * *', '* * * * * * *', 'every minute', '60 * * * *', '* 24 * * *', '@never', '2026-01-01T00:00:00Z'])(
  'refuses %j',
  (schedule) => {
    expect(() => timetable({ schedule, timeZone: 'UTC' })).toThrow(ConfigError)
  },
)

it('refuses a time zone that is not there', () => {
  expect(() => timetable({ schedule: '@daily', timeZone: 'Mars/Olympus' })).toThrow(/Mars\/Olympus/u)
})

it('refuses what is never due', () => {
  expect(() => timetable({ schedule: '0 0 30 2 *', timeZone: 'UTC' })).toThrow(/never due/u)
})
