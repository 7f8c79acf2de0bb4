import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CatchUp, Decision } from '../src/cron/decide-fires.ts'
import { decideFires, mostFires } from '../src/cron/decide-fires.ts'
import type { Timetable } from '../src/cron/timetable.ts'

/** Due at each multiple of ten. */
const tens: Timetable = { after: (time) => (Math.floor(time / 10) + 1) * 10 }
const all: CatchUp = { catchUpMs: 1000, backfill: 'all' }

it.each([
  { name: 'nothing is due yet', span: { cursor: 0, horizon: 9, now: 9 }, policy: all, fires: [], cursor: 0, next: 10 },
  { name: 'one is due', span: { cursor: 0, horizon: 10, now: 10 }, policy: all, fires: [10], cursor: 10, next: 20 },
  {
    name: 'the clock is behind the message',
    span: { cursor: 0, horizon: 10, now: 8 },
    policy: all,
    fires: [10],
    cursor: 10,
    next: 20,
  },
  {
    name: 'several are late',
    span: { cursor: 0, horizon: 45, now: 45 },
    policy: all,
    fires: [10, 20, 30, 40],
    cursor: 40,
    next: 50,
  },
  {
    name: 'some are too late',
    span: { cursor: 0, horizon: 45, now: 45 },
    policy: { catchUpMs: 20, backfill: 'all' as const },
    fires: [30, 40],
    missed: { count: 2, first: 10, last: 20 },
    cursor: 40,
    next: 50,
  },
  {
    name: 'only the latest is wanted',
    span: { cursor: 0, horizon: 45, now: 45 },
    policy: { catchUpMs: 1000, backfill: 'latest' as const },
    fires: [40],
    missed: { count: 3, first: 10, last: 30 },
    cursor: 40,
    next: 50,
  },
  {
    name: 'all are too late',
    span: { cursor: 0, horizon: 29, now: 2000 },
    policy: all,
    fires: [],
    missed: { count: 2, first: 10, last: 20 },
    cursor: 20,
    next: 30,
  },
])('decides when $name', ({ span, policy, fires, missed, cursor, next }) => {
  expect(decideFires(tens, span, policy)).toEqual({ fires, missed, cursor, next })
})

it('decides about a bounded number at a time, and says that there is more', () => {
  const decision = decideFires(tens, { cursor: 0, horizon: 100_000, now: 100_000 }, { ...all, catchUpMs: 1e9 })

  expect(decision.fires).toHaveLength(mostFires)
  expect(decision.next).toBe(mostFires * 10 + 10)
})

it('ends when its timetable does', () => {
  const once: Timetable = { after: (time) => (time < 10 ? 10 : undefined) }

  expect(decideFires(once, { cursor: 0, horizon: 10, now: 10 }, all)).toMatchObject({ fires: [10], next: undefined })
})

it('decides about every time exactly once, however time passes and whatever the policy (D1, D2)', () => {
  const policy = fc.record({ catchUpMs: fc.nat(500), backfill: fc.constantFrom('all' as const, 'latest' as const) })
  const steps = fc.array(fc.nat(3000), { maxLength: 20 })

  fc.assert(
    fc.property(policy, steps, (given, passed) => {
      let now = 0
      let cursor = 0
      const decided: number[] = []
      let missed = 0
      for (const step of passed) {
        now += step
        let decision: Decision
        do {
          decision = decideFires(tens, { cursor, horizon: now, now }, given)
          expect(decision.cursor).toBeGreaterThanOrEqual(cursor)
          cursor = decision.cursor
          decided.push(...decision.fires)
          missed += decision.missed?.count ?? 0
        } while (decision.next !== undefined && decision.next <= now)
      }
      expect(new Set(decided).size).toBe(decided.length)
      expect(decided).toEqual(decided.toSorted((a, b) => a - b))
      expect(decided.length + missed).toBe(Math.floor(now / 10))
    }),
  )
})
