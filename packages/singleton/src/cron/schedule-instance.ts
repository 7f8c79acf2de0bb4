import type { NewMessage } from '@cruster/core/ports'
import type { EntityScope, NativeCall, NativeHandler, NativeInstance } from '@cruster/sharding/extension'
import { Postponed, concluded } from '@cruster/sharding/extension'
import { Attempt } from './attempt.ts'
import type { CronHandler } from './cron-context.ts'
import type { RunFailure, ScheduleEvent } from './schedule-event.ts'
import { sameSpec } from './same-spec.ts'
import type { Surrounding } from './schedule-cell.ts'
import { ScheduleCell } from './schedule-cell.ts'
import type { PutOutcome, ScheduleContract, ScheduleMethods } from './schedule-contract.ts'
import type { ActiveRun, ScheduleSpec, ScheduleState } from './schedule-state.ts'
import { runKey, wakeKey } from './stored-schedule.ts'

/** What all schedules of one kind have in common. */
export interface ScheduleKind {
  readonly contract: ScheduleContract
  /** What the program says that the schedule is, if it does. */
  readonly declared: ScheduleSpec | undefined
  /** The handler of that name; undefined when this process has none. */
  handler(name: string): CronHandler<unknown> | undefined
  /** Messages for the unit with which a schedule begins or ceases to exist. */
  announce(scope: EntityScope, exists: boolean): readonly NewMessage[]
}

type InputOf<Name extends keyof ScheduleMethods> = NonNullable<ScheduleMethods[Name]['~types']>['input']

/** One schedule in memory: takes what happens to it to its stored state, and makes its runs. */
export class ScheduleInstance implements NativeInstance {
  readonly handlers: Readonly<Record<string, NativeHandler>>
  readonly #kind: ScheduleKind
  readonly #scope: EntityScope
  readonly #cell: ScheduleCell
  /** Attempts that are being made, by {@link runKey}. */
  readonly #attempts = new Map<string, Attempt>()

  constructor(kind: ScheduleKind, scope: EntityScope) {
    this.#kind = kind
    this.#scope = scope
    this.#cell = new ScheduleCell(scope, kind.contract)
    this.handlers = {
      put: (call) => this.#put(call),
      delete: (call) =>
        this.#apply(
          { kind: 'delete' },
          { call, output: existed, others: (before) => this.#announced(existed(before), false) },
        ),
      pause: (call) =>
        this.#apply(
          { kind: 'pause', reason: inputOf<'pause'>(call) },
          { call, output: ({ paused, spec }) => spec !== undefined && paused === undefined },
        ),
      resume: (call) => this.#apply({ kind: 'resume' }, { call, output: ({ paused }) => paused !== undefined }),
      trigger: (call) => this.#apply({ kind: 'trigger' }, { call, output: newRun }),
      backfill: (call) =>
        this.#apply(
          { kind: 'backfill', ...inputOf<'backfill'>(call) },
          { call, output: (before, after) => after.runs - before.runs },
        ),
      look: async () => this.#cell.latest(),
      wake: (call) => this.#apply({ kind: 'wake', ...inputOf<'wake'>(call) }, { call }),
      run: (call) => this.#run(call),
      ended: (call) => this.#ended(call),
    }
  }

  async onActivate(): Promise<void> {
    await this.#cell.load()
    const { declared } = this.#kind
    const { spec } = this.#cell.state
    if (declared !== undefined && !sameSpec(spec, declared)) await this.#declare(declared)
    if (spec !== undefined) await this.#mend()
  }

  async #declare(spec: ScheduleSpec): Promise<void> {
    await this.#apply({ kind: 'put', spec })
    this.#scope.log.log('info', 'A schedule was stored as the program declares it.', { schedule: spec.schedule })
  }

  /** A message that the schedule waits for may have been buried, or cancelled by hand: without it nothing would go on. */
  async #mend(): Promise<void> {
    const messages = await this.#cell.messages()
    const { next, active } = this.#cell.state
    if (next !== undefined && messages.get(wakeKey(next.wake)) !== 'pending') {
      this.#scope.log.log('warn', 'The message for the next fire is gone; there is a new one.', { at: next.at })
      await this.#apply({ kind: 'wakeLost' })
    }
    for (const { run, attempt } of active) {
      const status = messages.get(runKey(run, attempt))
      // Completed: its end is on its way.
      if (status === 'pending' || status === 'completed') continue
      await this.#apply({ kind: 'ended', run, attempt, error: lost })
    }
  }

  async #put(call: NativeCall): Promise<unknown> {
    const spec = inputOf<'put'>(call)
    const outcome = (before: ScheduleState): PutOutcome => putOutcome(before.spec, spec)
    if (outcome(await this.#cell.latest()) === 'unchanged') return 'unchanged'
    const others = (before: ScheduleState): readonly NewMessage[] => this.#announced(!existed(before), true)
    return this.#apply({ kind: 'put', spec }, { call, output: outcome, others })
  }

  async #ended(call: NativeCall): Promise<unknown> {
    const { run, attempt, error } = inputOf<'ended'>(call)
    return this.#apply({ kind: 'ended', run, attempt, error }, { call })
  }

  async #run(call: NativeCall): Promise<unknown> {
    const { run: number, attempt } = inputOf<'run'>(call)
    const { spec, active } = await this.#cell.latest()
    const run = active.find((each) => each.run === number && each.attempt === attempt)
    if (run === undefined || spec === undefined) return undefined
    const { maxAttempts } = this.#scope.services.config
    const isHopeless = call.request.attempt > 1 && call.request.attempt >= maxAttempts
    if (isHopeless) return this.#end(call, run, { failure: lost })
    return this.#make(call, run, spec)
  }

  async #make(call: NativeCall, run: ActiveRun, spec: ScheduleSpec): Promise<unknown> {
    const handler = this.#kind.handler(spec.handler)
    if (handler === undefined) throw new Postponed(`This runner has no handler named "${spec.handler}".`)
    const made = new Attempt({ scope: this.#scope, run, spec, handler, signal: call.signal })
    const key = runKey(run.run, run.attempt)
    this.#attempts.set(key, made)
    try {
      const failure = await made.make()
      // Whoever has the schedule next makes the attempt again.
      if (this.#scope.signal.aborted) throw new Postponed('The runner has given the schedule up.')
      return await this.#end(call, run, { made, failure })
    } finally {
      this.#attempts.delete(key)
      await made[Symbol.asyncDispose]()
    }
  }

  /** The end of an attempt, what it wrote, and the news of it for the schedule are one unit. */
  async #end(
    call: NativeCall,
    { run, attempt }: ActiveRun,
    { made, failure }: { readonly made?: Attempt; readonly failure: RunFailure | undefined },
  ): Promise<unknown> {
    const message = this.#scope.message(this.#cell.target('ended'), { run, attempt, error: failure })
    const operations = [...call.conclude(), { kind: 'saveMessage', message } as const]
    const result = await (made?.commit(operations, failure) ?? this.#scope.commit(operations))
    if (result.kind === 'applied') return concluded
    // The run was cancelled, and what it wrote rolled back.
    if (result.kind === 'gone') return undefined
    throw new Postponed(`The end of a run was refused as ${result.kind}.`)
  }

  async #apply(event: ScheduleEvent, surrounding?: Surrounding): Promise<unknown> {
    const before = this.#cell.state.counts
    const isStored = await this.#cell.apply(event, surrounding)
    this.#count(before)
    const wanted = new Set(this.#cell.state.active.map(({ run, attempt }) => runKey(run, attempt)))
    for (const [key, attempt] of this.#attempts) if (!wanted.has(key)) attempt.cancel()
    return isStored ? concluded : undefined
  }

  #count(before: ScheduleState['counts']): void {
    const { counts } = this.#cell.state
    for (const outcome of outcomes) {
      const by = counts[outcome] - before[outcome]
      const labels = { type: this.#scope.address.type, outcome }
      if (by > 0) this.#scope.services.metrics.count('cruster_schedule_runs_total', by, labels)
    }
  }

  #announced(hasChanged: boolean, exists: boolean): readonly NewMessage[] {
    return hasChanged ? this.#kind.announce(this.#scope, exists) : []
  }
}

const outcomes = ['succeeded', 'failed', 'cancelled', 'skipped', 'missed'] as const

const lost: RunFailure = {
  name: 'RunLost',
  message: 'The run was begun several times, and no runner came to its end.',
  isFinal: false,
}

function inputOf<Name extends keyof ScheduleMethods>({ input }: NativeCall): InputOf<Name> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed by the contract's client, which sent it
  return input as InputOf<Name>
}

const existed = ({ spec }: ScheduleState): boolean => spec !== undefined

const newRun = (before: ScheduleState, after: ScheduleState): number | undefined =>
  after.runs > before.runs ? after.runs : undefined

function putOutcome(before: ScheduleSpec | undefined, spec: ScheduleSpec): PutOutcome {
  if (before === undefined) return 'created'
  return sameSpec(before, spec) ? 'unchanged' : 'replaced'
}
