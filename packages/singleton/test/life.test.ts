import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { LifeEffect, LifeEvent, LifePhase, LifeState } from '../src/singleton/life.ts'
import { beginLife, reduceLife } from '../src/singleton/life.ts'

const policy = { once: false, stableAfterMs: 60_000 }
const job = { once: true, stableAfterMs: 60_000 }
const at = (phase: LifePhase, more: Partial<LifeState> = {}): LifeState => ({
  phase,
  failures: 0,
  isDone: false,
  ...more,
})
const returned: LifeEvent = { kind: 'ended', hasFailed: false, lastedMs: 5 }
const threw: LifeEvent = { kind: 'ended', hasFailed: true, lastedMs: 5 }

type Row = readonly [from: LifeState, event: LifeEvent, to: LifeState, effects: readonly LifeEffect['kind'][]]

const table: readonly Row[] = [
  [at('preparing'), { kind: 'prepared', isDone: false }, at('running'), ['run']],
  [at('preparing'), { kind: 'prepared', isDone: true }, at('done'), []],
  [at('preparing'), { kind: 'unprepared' }, at('resting'), ['retry']],
  [at('preparing'), { kind: 'drain' }, at('over'), ['close']],
  [at('preparing'), { kind: 'lost' }, at('over'), ['signal', 'close']],
  [at('running'), returned, at('recording'), ['record']],
  [at('running', { failures: 3 }), returned, at('recording'), ['record']],
  [at('running', { failures: 3 }), threw, at('recording', { failures: 4 }), ['record']],
  [at('running'), { kind: 'drain' }, at('stopping'), ['signal', 'grace']],
  [at('running'), { kind: 'lost' }, at('over'), ['signal', 'close']],
  [at('recording'), { kind: 'recorded' }, at('resting'), ['rest']],
  [at('recording'), { kind: 'recordFailed' }, at('resting'), ['rest']],
  [at('recording'), { kind: 'drain' }, at('lastRecording'), ['grace']],
  [at('recording', { isDone: true }), { kind: 'recorded' }, at('done', { isDone: true }), []],
  [at('recording', { isDone: true }), { kind: 'recordFailed' }, at('recording', { isDone: true }), ['retry']],
  [at('recording', { isDone: true }), { kind: 'due' }, at('recording', { isDone: true }), ['record']],
  [at('resting'), { kind: 'due' }, at('preparing'), ['prepare']],
  [at('resting'), { kind: 'drain' }, at('over'), ['close']],
  [at('done'), { kind: 'drain' }, at('over'), ['close']],
  [at('done'), { kind: 'due' }, at('done'), []],
  [at('stopping'), returned, at('lastRecording'), ['record']],
  [at('stopping'), { kind: 'graceOver' }, at('over'), ['close']],
  [at('stopping'), { kind: 'drain' }, at('stopping'), []],
  [at('lastRecording'), { kind: 'recorded' }, at('over'), ['close']],
  [at('lastRecording'), { kind: 'recordFailed' }, at('over'), ['close']],
  [at('lastRecording'), { kind: 'graceOver' }, at('over'), ['close']],
  [at('over'), returned, at('over'), []],
  [at('over'), { kind: 'prepared', isDone: false }, at('over'), []],
  [at('over'), { kind: 'lost' }, at('over'), []],
]

it.each(
  table.map(([from, event, to, effects]) => ({
    phase: from.phase,
    event: event.kind,
    from,
    given: event,
    to,
    effects,
  })),
)('in $phase, $event leads to $to.phase', ({ from, given, to, effects }) => {
  const transition = reduceLife(from, given, policy)

  expect(transition.state).toEqual(to)
  expect(transition.effects.map(({ kind }) => kind)).toEqual(effects)
})

it('takes a job for done when a run has returned, and not when it has thrown or was told to stop', () => {
  expect(reduceLife(at('running'), returned, job).state.isDone).toBe(true)
  expect(reduceLife(at('running'), threw, job).state.isDone).toBe(false)
  expect(reduceLife(at('stopping'), returned, job).state.isDone).toBe(false)
})

it('forgets the failures before a run that lasted long', () => {
  const failed: LifeEvent = { kind: 'ended', hasFailed: true, lastedMs: 60_000 }

  expect(reduceLife(at('running', { failures: 7 }), failed, policy).state.failures).toBe(1)
})

const events: fc.Arbitrary<LifeEvent> = fc.oneof(
  fc.constantFrom<LifeEvent>(
    { kind: 'prepared', isDone: false },
    { kind: 'prepared', isDone: true },
    { kind: 'unprepared' },
    { kind: 'recorded' },
    { kind: 'recordFailed' },
    { kind: 'due' },
    { kind: 'drain' },
    { kind: 'graceOver' },
    { kind: 'lost' },
  ),
  fc.record({ kind: fc.constant('ended' as const), hasFailed: fc.boolean(), lastedMs: fc.nat() }),
)

it('begins no run before the end of the last one was seen, and none after the end (L1, L2)', () => {
  fc.assert(
    fc.property(fc.array(events), fc.boolean(), (given, once) => {
      let { state } = beginLife()
      let running = false
      let closed = 0
      for (const event of given) {
        // Only a run that is under way can end.
        if (event.kind === 'ended' && !running) continue
        if (event.kind === 'ended') running = false
        const next = reduceLife(state, event, { once, stableAfterMs: 10 })
        for (const { kind } of next.effects) {
          expect(closed).toBe(0)
          if (kind === 'run') {
            expect(running).toBe(false)
            running = true
          }
        }
        closed += next.effects.filter(({ kind }) => kind === 'close').length
        state = next.state
      }
      expect(closed).toBe(state.phase === 'over' ? 1 : 0)
    }),
  )
})

it('is over after a drain as soon as its run has ended, or its grace has (L3)', () => {
  fc.assert(
    fc.property(fc.array(events), (given) => {
      let { state } = beginLife()
      for (const event of given) state = reduceLife(state, event, policy).state

      state = reduceLife(state, { kind: 'drain' }, policy).state
      state = reduceLife(state, { kind: 'graceOver' }, policy).state

      expect(state.phase).toBe('over')
    }),
  )
})
