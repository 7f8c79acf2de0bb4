import * as fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { ConfigError } from '../../src/error/config-error.ts'
import type { Duration } from '../../src/time/duration.ts'
import { formatDuration, parseDuration } from '../../src/time/duration.ts'

describe('parseDuration', () => {
  it.each<[Duration, number]>([
    [0, 0],
    [1500, 1500],
    ['100ms', 100],
    ['30s', 30_000],
    ['1 second', 1000],
    ['5 minutes', 300_000],
    ['90m', 5_400_000],
    ['1 hour', 3_600_000],
    ['1.5h', 5_400_000],
    ['2 days', 172_800_000],
    ['0.5 ms', 0.5],
  ])('reads %s as %d ms', (duration, ms) => {
    expect(parseDuration(duration, 'timeout')).toBe(ms)
  })

  it.each([
    '5 parsecs',
    's',
    '',
    '-5s',
    '1e3s',
    '1  hour',
    ' 1s',
    '1.s',
    'NaNs',
    '1constructor',
    -1,
    Number.NaN,
    Infinity,
  ])('refuses %s', (nonsense) => {
    expect(() => parseDuration(nonsense as Duration, 'timeout of Counter.increment')).toThrow(ConfigError)
  })

  it('says what is wrong and how to write it', () => {
    expect(() => parseDuration('5 parsecs' as Duration, 'timeout of Counter.increment')).toThrow(
      '"5 parsecs" is not a duration, but was given as the timeout of Counter.increment. ' +
        'Write milliseconds as a number from 0, or a number with a unit, such as "30s", "5 minutes" or "1.5h".',
    )
  })

  it('does not compile with an unknown unit', () => {
    expectTypeOf<'5 parsecs'>().not.toExtend<Duration>()
    expectTypeOf<'soon'>().not.toExtend<Duration>()
    expectTypeOf<'1.5h'>().toExtend<Duration>()
    expectTypeOf<'5 minutes'>().toExtend<Duration>()
    expectTypeOf<number>().toExtend<Duration>()
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0ms'],
    [999, '999ms'],
    [1000, '1s'],
    [90_000, '90s'],
    [7_200_000, '2h'],
    [172_800_000, '2d'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  it('writes what parseDuration reads back', () => {
    fc.assert(fc.property(fc.nat(), (ms) => parseDuration(formatDuration(ms), 'timeout') === ms))
  })
})
