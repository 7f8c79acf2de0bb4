import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { machineId } from '../../src/address/identifiers.ts'
import { ClockDriftExceeded } from '../../src/error/clock-drift-exceeded.ts'
import { ConfigError } from '../../src/error/config-error.ts'
import { VirtualClock } from '../../src/memory/virtual-clock.ts'
import { parseSnowflake, SnowflakeGenerator, snowflakeEpoch } from '../../src/snowflake/snowflake.ts'

const start = Date.UTC(2026, 5)

describe('a snowflake', () => {
  it('tells time, machine and number', () => {
    const ids = new SnowflakeGenerator(new VirtualClock({ now: start }), machineId(513))

    expect([parseSnowflake(ids.next()), parseSnowflake(ids.nextBigint())]).toEqual([
      { timestamp: start, machineId: 513, sequence: 0 },
      { timestamp: start, machineId: 513, sequence: 1 },
    ])
  })

  it('has its parts at fixed places for ever', () => {
    expect(parseSnowflake('1')).toEqual({ timestamp: snowflakeEpoch, machineId: 0, sequence: 1 })
    expect(parseSnowflake(String(2 ** 12))).toEqual({ timestamp: snowflakeEpoch, machineId: 1, sequence: 0 })
    expect(parseSnowflake(2n ** 22n)).toEqual({ timestamp: snowflakeEpoch + 1, machineId: 0, sequence: 0 })
    expect(parseSnowflake(2n ** 64n - 1n)).toEqual({
      timestamp: snowflakeEpoch + 2 ** 42 - 1,
      machineId: 1023,
      sequence: 4095,
    })
  })

  it.each(['k1', '', '-1', '1.5', ' 1', '18446744073709551616', -1n])('is not %s', (id) => {
    expect(() => parseSnowflake(id)).toThrow(ConfigError)
  })
})

describe('a generator', () => {
  it('makes ids that grow, whatever the clock does within 5 s', () => {
    const steps = fc.array(
      fc.record({ jumpMs: fc.integer({ min: -400, max: 400 }), ids: fc.integer({ min: 1, max: 50 }) }),
      {
        maxLength: 20,
      },
    )
    fc.assert(
      fc.property(steps, fc.nat(1023), (plan, machine) => {
        const clock = new VirtualClock({ now: start })
        const generator = new SnowflakeGenerator(clock, machineId(machine))
        const made: bigint[] = []
        for (const { jumpMs, ids } of plan) {
          clock.jumpWallClock(Math.max(jumpMs, start - 4000 - clock.now()))
          for (let count = 0; count < ids && isWithinDrift(made, clock); count += 1) made.push(generator.nextBigint())
        }

        expect(made).toEqual([...new Set(made)].toSorted((a, b) => (a < b ? -1 : 1)))
        expect(made.every((id) => parseSnowflake(id).machineId === machine)).toBe(true)
      }),
    )
  })

  it('takes the next millisecond early when 4096 ids are used up', () => {
    const ids = new SnowflakeGenerator(new VirtualClock({ now: start }), machineId(0))

    const parts = Array.from({ length: 4098 }, () => parseSnowflake(ids.next()))

    expect(parts.slice(4095)).toEqual([
      { timestamp: start, machineId: 0, sequence: 4095 },
      { timestamp: start + 1, machineId: 0, sequence: 0 },
      { timestamp: start + 1, machineId: 0, sequence: 1 },
    ])
  })

  it('stays on the newest time when the clock goes back', () => {
    const clock = new VirtualClock({ now: start })
    const ids = new SnowflakeGenerator(clock, machineId(0))
    ids.next()

    clock.jumpWallClock(-5000)

    expect(parseSnowflake(ids.next())).toEqual({ timestamp: start, machineId: 0, sequence: 1 })
  })

  it('tells once when the clock is more than 100 ms behind, and again the next time', async () => {
    const onDrift = vi.fn<(driftMs: number) => void>()
    const clock = new VirtualClock({ now: start })
    const ids = new SnowflakeGenerator(clock, machineId(0), { onDrift })
    ids.next()

    for (const jumpMs of [-100, -1, -50, 400, -300]) {
      clock.jumpWallClock(jumpMs)
      ids.next()
    }

    expect(onDrift.mock.calls).toEqual([[101], [300]])
  })

  it('makes none while the clock is more than 5 s behind, and goes on when it has caught up', () => {
    const clock = new VirtualClock({ now: start })
    const ids = new SnowflakeGenerator(clock, machineId(0))
    const before = ids.nextBigint()

    clock.jumpWallClock(-5001)
    expect(() => ids.next()).toThrow(new ClockDriftExceeded(5001))
    clock.jumpWallClock(1)

    expect(ids.nextBigint()).toBe(before + 1n)
  })

  it('makes none at a time before its epoch', () => {
    const ids = new SnowflakeGenerator(new VirtualClock({ now: 0 }), machineId(0))

    expect(() => ids.next()).toThrow(ClockDriftExceeded)
  })

  it.each([-1, 1024, 1.5, Number.NaN])('refuses %d as a machine id', (id) => {
    expect(() => new SnowflakeGenerator(new VirtualClock(), machineId(id))).toThrow(ConfigError)
  })
})

function isWithinDrift(made: readonly bigint[], clock: VirtualClock): boolean {
  const newest = made.at(-1)
  return newest === undefined || parseSnowflake(newest).timestamp - clock.now() <= 5000
}
