import { describe, expect, it } from 'vitest'
import { formatTimeControl, parseTimeControl } from '../../src/game/time-control.ts'

describe('a time control', () => {
  it.each([
    ['5+3', 300_000, 3000],
    ['1+0', 60_000, 0],
    ['15+10', 900_000, 10_000],
    ['0.5+0', 30_000, 0],
    ['180+180', 10_800_000, 180_000],
  ])('reads %s', (text, initialMs, incrementMs) => {
    expect(parseTimeControl(text)).toEqual({ initialMs, incrementMs })
  })

  it.each(['', '5', '5+', '+3', '5-3', '5+3+1', '-5+3', '0+5', '181+0', '5+181', 'five+three', '5 + 3', '1e2+0'])(
    'refuses "%s"',
    (text) => {
      expect(parseTimeControl(text)).toBeUndefined()
    },
  )

  it.each([
    ['5+3', '5+3'],
    ['05+03', '5+3'],
    ['0.50+0', '0.5+0'],
    ['1.1+0', '1.1+0'],
  ])('writes %s as %s', (text, written) => {
    expect(formatTimeControl(parseTimeControl(text)!)).toBe(written)
  })
})
