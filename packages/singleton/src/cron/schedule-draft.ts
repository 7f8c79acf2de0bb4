import type { RetryPolicy } from '@cruster/core'
import type { Missed } from './decide-fires.ts'
import type { Moment, RunFailure, ScheduleEffect, ScheduleTransition } from './schedule-event.ts'
import { mostQueued } from './schedule-event.ts'
import { retryPauseMs } from './retry-pause.ts'
import type {
  ActiveRun,
  QueuedRun,
  RunCause,
  RunError,
  RunOutcome,
  RunRecord,
  ScheduleSpec,
  ScheduleState,
} from './schedule-state.ts'
import { noSchedule } from './schedule-state.ts'

type Changes = { -readonly [Key in keyof ScheduleState]: ScheduleState[Key] }

/** One transition being made: the next state, and what has to be sent. */
export class ScheduleDraft {
  readonly #next: Changes
  readonly #effects: ScheduleEffect[] = []
  readonly #moment: Moment

  constructor(state: ScheduleState, moment: Moment) {
    this.#next = { ...state }
    this.#moment = moment
  }

  done(): ScheduleTransition {
    return { state: this.#next, effects: this.#effects }
  }

  get state(): ScheduleState {
    return this.#next
  }

  get now(): number {
    return this.#moment.now
  }

  /** Numbers go on, so that nothing that is under way can be taken for a part of a later schedule of this id. */
  delete(): void {
    const { runs, wakes } = this.#next
    Object.assign(this.#next, noSchedule, { runs, wakes })
  }

  change(spec: ScheduleSpec): void {
    this.#next.spec = spec
  }

  pause(reason: string | undefined): void {
    if (this.#next.spec === undefined || this.#next.paused !== undefined) return
    this.#next.paused = { since: this.#moment.now, reason }
    this.#next.next = undefined
  }

  resume(): void {
    this.#next.paused = undefined
  }

  decided(cursor: number): void {
    this.#next.cursor = cursor
  }

  missed(missed: Missed): void {
    const run = { run: this.#number(), scheduledAt: missed.first, cause: 'schedule' as const }
    this.#record(run, { outcome: 'missed', attempts: 0, missed })
  }

  /** Looks at the clock again when `time` has come. Undefined: never. */
  wakeFor(time: number | undefined): void {
    if (time === undefined) {
      this.#next.next = undefined
      return
    }
    const jitterMs = this.#next.spec?.jitterMs ?? 0
    const due = time + Math.floor(jitterMs * this.#moment.random())
    const wake = this.#next.wakes + 1
    this.#next.wakes = wake
    this.#next.next = { at: time, due, wake }
    this.#effects.push({ kind: 'wake', wake, due })
  }

  /** The time of a run has come: what the overlap policy says happens. */
  fire(scheduledAt: number, cause: RunCause): void {
    const { spec, active } = this.#next
    if (spec === undefined) return
    const run = { run: this.#number(), scheduledAt, cause }
    if (active.length === 0 || spec.overlap === 'allow') return this.#start(run)
    // What somebody asked for in so many words waits, where an ordinary fire would be left out.
    const waits = spec.overlap === 'queue' || cause === 'backfill' || (spec.overlap === 'skip' && cause === 'trigger')
    if (waits) return this.#queue(run)
    if (spec.overlap === 'skip') return this.#record(run, { outcome: 'skipped', attempts: 0 })
    for (const other of active) this.#record(other, { outcome: 'cancelled', attempts: other.attempt })
    this.#next.active = []
    this.#start(run)
  }

  /** An attempt is over: the run ends, or there will be another attempt. */
  ended(end: { readonly run: number; readonly attempt: number; readonly error: RunFailure | undefined }): void {
    const { active, spec } = this.#next
    const run = active.find((each) => each.run === end.run && each.attempt === end.attempt)
    if (run === undefined || spec === undefined) return
    const due = end.error === undefined ? undefined : this.#nextAttempt(run, end.error, spec.retry)
    if (due !== undefined) return this.#again(run, due)
    this.#next.active = active.filter((each) => each !== run)
    const error = end.error === undefined ? undefined : { name: end.error.name, message: end.error.message }
    this.#record(run, { outcome: error === undefined ? 'succeeded' : 'failed', attempts: run.attempt, error })
    const [first, ...rest] = this.#next.queue
    if (first === undefined || this.#next.active.length > 0) return
    this.#next.queue = rest
    this.#start(first)
  }

  #nextAttempt(run: ActiveRun, error: RunFailure, retry: RetryPolicy): number | undefined {
    if (error.isFinal || run.attempt >= retry.attempts) return undefined
    const { now, random } = this.#moment
    const due = now + retryPauseMs(retry, run.attempt, random())
    const { giveUpAfterMs } = retry
    return giveUpAfterMs === undefined || due <= run.firedAt + giveUpAfterMs ? due : undefined
  }

  #again(run: ActiveRun, due: number): void {
    const next = { ...run, attempt: run.attempt + 1, due }
    this.#next.active = this.#next.active.map((each) => (each === run ? next : each))
    this.#effects.push({ kind: 'run', run: run.run, attempt: next.attempt, due })
  }

  #start(run: QueuedRun): void {
    const { now } = this.#moment
    this.#next.active = [...this.#next.active, { ...run, firedAt: now, attempt: 1, due: now }]
    this.#effects.push({ kind: 'run', run: run.run, attempt: 1, due: now })
  }

  #queue(run: QueuedRun): void {
    if (this.#next.queue.length < mostQueued) this.#next.queue = [...this.#next.queue, run]
    else this.#record(run, { outcome: 'skipped', attempts: 0 })
  }

  #number(): number {
    this.#next.runs += 1
    return this.#next.runs
  }

  #record(
    { run, scheduledAt, cause }: QueuedRun,
    end: { outcome: RunOutcome; attempts: number; error?: RunError | undefined; missed?: Missed },
  ): void {
    const { counts, history, spec } = this.#next
    const record: RunRecord = { run, scheduledAt, cause, endedAt: this.#moment.now, ...end }
    this.#next.counts = { ...counts, [end.outcome]: counts[end.outcome] + (end.missed?.count ?? 1) }
    this.#next.history = [record, ...history].slice(0, spec?.history ?? 0)
  }
}
