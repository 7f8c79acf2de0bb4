import fc from 'fast-check'
import { expect, it } from 'vitest'
import { reduceSchedule } from '../src/cron/reduce-schedule.ts'
import type { ScheduleEffect, ScheduleEvent } from '../src/cron/schedule-event.ts'
import type { ScheduleOptions } from '../src/cron/schedule-options.ts'
import { scheduleSpec } from '../src/cron/schedule-options.ts'
import type { ScheduleState } from '../src/cron/schedule-state.ts'
import { noSchedule } from '../src/cron/schedule-state.ts'

const begin = Date.UTC(2026, 0)
const minute = 60_000
const spec = (options: Partial<ScheduleOptions> = {}) => scheduleSpec({ schedule: '* * * * *', ...options }, 'handler')

/** A schedule to which things happen, at times that the test names in minutes. */
class Played {
  state: ScheduleState = noSchedule
  readonly effects: ScheduleEffect[] = []

  constructor(options: Partial<ScheduleOptions> = {}) {
    this.at(0, { kind: 'put', spec: spec(options) })
  }

  at(minutes: number, event: ScheduleEvent): readonly ScheduleEffect[] {
    const moment = { now: begin + minutes * minute, random: () => 0.5 }
    const { state, effects } = reduceSchedule(this.state, event, moment)
    this.state = state
    this.effects.push(...effects)
    return effects
  }

  /** The message for the next fire is delivered. */
  wake(minutes: number): readonly ScheduleEffect[] {
    return this.at(minutes, { kind: 'wake', wake: this.state.next?.wake ?? -1 })
  }

  get outcomes(): readonly string[] {
    return this.state.history.map(({ outcome }) => outcome).toReversed()
  }
}

const error = { name: 'TypeError', message: 'broken', isFinal: false }

it('wakes for the next time of its expression', () => {
  const schedule = new Played()

  expect(schedule.effects).toEqual([{ kind: 'wake', wake: 1, due: begin + minute }])
  expect(schedule.wake(1)).toEqual([
    { kind: 'run', run: 1, attempt: 1, due: begin + minute },
    { kind: 'wake', wake: 2, due: begin + 2 * minute },
  ])
})

it('does nothing about a wake that is not the one it waits for', () => {
  const schedule = new Played()
  schedule.wake(1)
  const before = schedule.state

  expect(schedule.at(1, { kind: 'wake', wake: 1 })).toEqual([])
  expect(schedule.state).toEqual(before)
})

it('does nothing about the end of an attempt that it does not know, or knows already', () => {
  const schedule = new Played()
  schedule.wake(1)
  schedule.at(1, { kind: 'ended', run: 1, attempt: 2, error })
  schedule.at(1, { kind: 'ended', run: 1, attempt: 1, error: undefined })
  schedule.at(1, { kind: 'ended', run: 1, attempt: 1, error })

  expect(schedule.outcomes).toEqual(['succeeded'])
})

it.each([
  { overlap: 'skip', active: [1], queue: [], outcomes: ['skipped', 'skipped'] },
  { overlap: 'queue', active: [1], queue: [2, 3], outcomes: [] },
  { overlap: 'cancel', active: [3], queue: [], outcomes: ['cancelled', 'cancelled'] },
  { overlap: 'allow', active: [1, 2, 3], queue: [], outcomes: [] },
] as const)(
  'does about fires while a run is not over as it is told: $overlap',
  ({ overlap, active, queue, outcomes }) => {
    const schedule = new Played({ overlap })
    for (const minutes of [1, 2, 3]) schedule.wake(minutes)

    expect(schedule.state.active.map(({ run }) => run)).toEqual(active)
    expect(schedule.state.queue.map(({ run }) => run)).toEqual(queue)
    expect(schedule.outcomes).toEqual(outcomes)
  },
)

it('starts the first that waits when a run is over', () => {
  const schedule = new Played({ overlap: 'queue' })
  for (const minutes of [1, 2, 3]) schedule.wake(minutes)

  const effects = schedule.at(3, { kind: 'ended', run: 1, attempt: 1, error: undefined })

  expect(effects).toEqual([{ kind: 'run', run: 2, attempt: 1, due: begin + 3 * minute }])
  expect(schedule.state.queue.map(({ run }) => run)).toEqual([3])
})

it('makes what somebody asks for wait, where a fire would be left out', () => {
  const schedule = new Played({ overlap: 'skip' })
  schedule.wake(1)
  schedule.at(1, { kind: 'trigger' })
  schedule.at(1, { kind: 'backfill', from: begin - 2 * minute, to: begin })

  expect(schedule.state.queue.map(({ cause, scheduledAt }) => [cause, (scheduledAt - begin) / minute])).toEqual([
    ['trigger', 1],
    ['backfill', -1],
    ['backfill', 0],
  ])
})

it('makes another attempt after the pause of the policy, and gives up after the last', () => {
  const schedule = new Played({ retry: { attempts: 2, initial: '10s', jitter: 0 } })
  schedule.wake(1)

  const again = schedule.at(2, { kind: 'ended', run: 1, attempt: 1, error })
  schedule.at(3, { kind: 'ended', run: 1, attempt: 2, error })

  expect(again).toEqual([{ kind: 'run', run: 1, attempt: 2, due: begin + 2 * minute + 10_000 }])
  expect(schedule.state.history[0]).toMatchObject({ outcome: 'failed', attempts: 2, error: { name: 'TypeError' } })
})

it('makes no other attempt after a final error, or when it would begin too late', () => {
  const final = new Played({ retry: { attempts: 5 } })
  final.wake(1)
  final.at(2, { kind: 'ended', run: 1, attempt: 1, error: { ...error, isFinal: true } })
  const late = new Played({ retry: { attempts: 5, giveUpAfter: '1 minute' } })
  late.wake(1)
  late.at(3, { kind: 'ended', run: 1, attempt: 1, error })

  expect([final.outcomes, late.outcomes]).toEqual([['failed'], ['failed']])
})

it('forgets the time of a pause', () => {
  const schedule = new Played()
  schedule.at(0.5, { kind: 'pause', reason: 'why' })
  expect(schedule.state).toMatchObject({ next: undefined, paused: { since: begin + minute / 2, reason: 'why' } })

  const effects = schedule.at(10.5, { kind: 'resume' })

  expect(effects).toEqual([{ kind: 'wake', wake: 2, due: begin + 11 * minute }])
})

it('stays paused when it is changed', () => {
  const schedule = new Played()
  schedule.at(1, { kind: 'pause', reason: undefined })

  expect(schedule.at(2, { kind: 'put', spec: spec({ schedule: '@hourly' }) })).toEqual([])
  expect(schedule.state.paused).toBeDefined()
})

it('keeps its wake when only what does not concern times is changed', () => {
  const schedule = new Played()

  expect(schedule.at(0.5, { kind: 'put', spec: spec({ overlap: 'queue' }) })).toEqual([])
  expect(schedule.state.next?.wake).toBe(1)
})

it('begins anew with other times', () => {
  const schedule = new Played()

  const effects = schedule.at(0.5, { kind: 'put', spec: spec({ schedule: '@hourly' }) })

  expect(effects).toEqual([{ kind: 'wake', wake: 2, due: begin + 60 * minute }])
})

it('counts on after it was deleted, so that nothing old is taken for new', () => {
  const schedule = new Played()
  schedule.wake(1)
  schedule.at(1, { kind: 'delete' })
  schedule.at(1, { kind: 'put', spec: spec() })
  schedule.at(1, { kind: 'ended', run: 1, attempt: 1, error: undefined })
  schedule.wake(2)

  expect(schedule.state.active.map(({ run }) => run)).toEqual([2])
  expect(schedule.outcomes).toEqual([])
})

it('remembers as many runs as it is told', () => {
  const schedule = new Played({ history: 2 })
  for (const run of [1, 2, 3]) {
    schedule.wake(run)
    schedule.at(run, { kind: 'ended', run, attempt: 1, error: undefined })
  }

  expect(schedule.state.history.map(({ run }) => run)).toEqual([3, 2])
  expect(schedule.state.counts.succeeded).toBe(3)
})

const whats = ['wake', 'end', 'fail', 'trigger', 'pause', 'resume', 'put'] as const
type What = (typeof whats)[number]

/** What happens to a schedule, if it can. */
function happen(
  schedule: Played,
  minutes: number,
  { what, which }: { readonly what: What; readonly which: number },
): void {
  const { active } = schedule.state
  const run = active[which % Math.max(active.length, 1)]
  const failure = what === 'fail' ? error : undefined
  const events: Readonly<Record<What, ScheduleEvent | undefined>> = {
    wake: { kind: 'wake', wake: schedule.state.next?.wake ?? -1 },
    end: run && { kind: 'ended', run: run.run, attempt: run.attempt, error: failure },
    fail: run && { kind: 'ended', run: run.run, attempt: run.attempt, error: failure },
    trigger: { kind: 'trigger' },
    pause: { kind: 'pause', reason: undefined },
    resume: { kind: 'resume' },
    put: schedule.state.spec && { kind: 'put', spec: schedule.state.spec },
  }
  const event = events[what]
  if (event !== undefined) schedule.at(minutes, event)
}

function expectSound({ state }: Played): void {
  const ended = state.history.map(({ run }) => run)
  const open = [...state.active, ...state.queue].map(({ run }) => run)
  expect(state.spec?.overlap === 'allow' || state.active.length <= 1).toBe(true)
  expect(state.next === undefined).toBe(state.paused !== undefined)
  expect(new Set([...ended, ...open]).size).toBe(state.runs)
  expect(ended.length + open.length).toBe(state.runs)
}

const step = fc.record({ passed: fc.nat(200), what: fc.constantFrom(...whats), which: fc.nat(3) })

it('decides about every time once, ends every run once, and never sleeps for ever (C1 … C4)', () => {
  const overlaps = fc.constantFrom('skip' as const, 'queue' as const, 'cancel' as const, 'allow' as const)
  fc.assert(
    fc.property(overlaps, fc.array(step, { maxLength: 60 }), (overlap, steps) => {
      const schedule = new Played({ overlap, history: 1000, retry: { attempts: 2 } })
      let minutes = 0
      for (const { passed, ...event } of steps) {
        minutes += passed / 10
        happen(schedule, minutes, event)
        expectSound(schedule)
      }
      const sent = schedule.effects.map((effect) => JSON.stringify({ ...effect, due: undefined }))
      const times = schedule.state.history.filter(({ cause }) => cause === 'schedule').map((each) => each.scheduledAt)
      expect(new Set(sent).size).toBe(sent.length)
      expect(new Set(times).size).toBe(times.length)
    }),
  )
})
