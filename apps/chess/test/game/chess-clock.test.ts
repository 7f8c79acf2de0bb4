import { describe, expect, it } from 'vitest'
import { flagFallsAt, hasFlagFallen, pressClock, remaining, startClock, stopClock } from '../../src/game/chess-clock.ts'

const control = { initialMs: 60_000, incrementMs: 2000 }

describe('the clock', () => {
  it('runs down for white from the start, and not for black', () => {
    const clock = startClock(control, 0)

    expect(remaining(clock, 'white', 10_000)).toBe(50_000)
    expect(remaining(clock, 'black', 10_000)).toBe(60_000)
  })

  it('gives the increment to who has moved and starts the other', () => {
    const clock = pressClock(startClock(control, 0), control, 10_000)

    expect(remaining(clock, 'white', 15_000)).toBe(52_000)
    expect(remaining(clock, 'black', 15_000)).toBe(55_000)
  })

  it('lets the flag fall when the running time is used up, not before', () => {
    const clock = pressClock(startClock(control, 0), control, 10_000)

    expect(flagFallsAt(clock)).toBe(70_000)
    expect(hasFlagFallen(clock, 69_999)).toBe(false)
    expect(hasFlagFallen(clock, 70_000)).toBe(true)
    expect(remaining(clock, 'black', 99_000)).toBe(0)
  })

  it('stands still once it is stopped', () => {
    const clock = stopClock(startClock(control, 0), 10_000)

    expect(remaining(clock, 'white', 1e9)).toBe(50_000)
    expect(flagFallsAt(clock)).toBeUndefined()
    expect(pressClock(clock, control, 1e9)).toEqual(clock)
  })

  it('takes a time of day that was set back for no time at all', () => {
    const clock = startClock(control, 10_000)

    expect(remaining(clock, 'white', 0)).toBe(60_000)
  })
})
