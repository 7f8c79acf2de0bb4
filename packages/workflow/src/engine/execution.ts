import type { ContinuedWait } from '@cruster/core'
import {
  MethodNotFound,
  NonDeterminismError,
  VersionNotRegistered,
  decode,
  encode,
  isCrusterError,
} from '@cruster/core'
import type { NativeCall, NativeInstance, PlacementSettings } from '@cruster/sharding/extension'
import { Postponed } from '@cruster/sharding/extension'
import type { HistoryQuestion, QueryQuestion } from '../protocol/inspection.ts'
import type { ResultQuestion } from '../protocol/result.ts'
import { running } from '../protocol/result.ts'
import type { Arrival } from './arrival.ts'
import { EventArrival, StartArrival } from './arrival.ts'
import type { AttemptArrivals } from './attempt.ts'
import { attemptEnded } from './attempts.ts'
import { take } from './event-intake.ts'
import type { CoreParts } from './execution-core.ts'
import { ExecutionCore } from './execution-core.ts'
import { statusOf } from './execution-status.ts'
import { historyOf, outcomeOf, resultOf } from './inquiries.ts'
import { UnitRefused } from './journal-writer.ts'
import { givenUp } from './given-up.ts'
import type { ExecutionMethod } from './handler-table.ts'
import { HandlerTable } from './handler-table.ts'
import type { LiveRun } from './live-run.ts'
import type { Progress } from './progress.ts'
import { pauseOnMismatch, progress } from './progress.ts'
import { start } from './start-intake.ts'
import { storeWake } from './store-wake.ts'
import type { Unlisted, UnlistedRuns } from './unlisted-runs.ts'

/** What came of a step of the loop. Undefined: something was done; look again. */
type Stepped = Progress | void

/** The body has its turn, and calls the loop back. */
type Turn = 'turn'

/** How an execution is made. */
export interface ExecutionOptions extends CoreParts {
  readonly unlisted: UnlistedRuns
  readonly placement: PlacementSettings
  /** Lets the body leave memory at each rest, so that each wake replays it. */
  readonly alwaysReplay: boolean
}

/**
 * One execution: a native entity. Everything that happens to it goes through one loop, one thing after the other, so that what
 * is recorded has one order.
 *
 * Invariants: X1 while the body can go on, a message of the execution is pending in storage. X2 nothing that a body does on the
 * strength of an entry has an effect before the entry is stored, but that it runs. X3 after a commit whose outcome is unknown
 * everything is read again.
 */
export class Execution implements NativeInstance, Unlisted {
  readonly handlers: NativeInstance['handlers']
  readonly #core: ExecutionCore
  readonly #options: ExecutionOptions
  readonly #inbox: Arrival[] = []
  #isLooping = false
  #isOver = false
  /** The body has done something while nobody looked. */
  #isBehind = false
  #release: (() => void) | undefined
  readonly #arrivals: AttemptArrivals = {
    ended: (attempt, result) => {
      this.#arrived({ kind: 'attempt', attempt, result })
    },
    heartbeat: (attempt, details) => {
      this.#arrived({ kind: 'heartbeat', attempt, details })
    },
  }

  constructor(options: ExecutionOptions) {
    this.#options = options
    this.#core = new ExecutionCore(options, { changed: () => this.#changed(), freed: () => this.#freed() })
    this.handlers = new HandlerTable((method, call) => this.#serve(method, call))
  }

  draining(): void {
    this.#core.isDraining = true
    this.#core.waiters.answer(running)
    this.#kick()
  }

  /** Whoever waited for its end has been told, and others are rare. */
  isDone(): boolean {
    return this.#core.waiters.haveHeard && this.#core.isLoaded && this.#core.recorded.ended !== undefined
  }

  over(): void {
    this.#isOver = true
    this.#core.dropRun('its shard was given away')
    this.#options.resting.delete(this.#core)
    this.#options.unlisted.delete(this)
  }

  list(): void {
    this.#arrived({ kind: 'unlisted' })
  }

  /* oxlint-disable typescript/no-unsafe-type-assertion -- inputs as the contract types them: they come from this package's clients */
  #serve(method: ExecutionMethod, call: NativeCall): Promise<unknown> {
    switch (method) {
      case 'start':
        return new Promise((end, fail) => {
          this.#arrived(new StartArrival(call, end, fail))
        })
      case 'event':
        return new Promise((end, fail) => {
          this.#arrived(new EventArrival(call, end, fail))
        })
      case 'result':
        return resultOf(this.#core, call, call.input as ResultQuestion)
      case 'status':
        return statusOf(this.#core)
      case 'query':
        return new Promise((end, fail) => {
          this.#arrived({ kind: 'query', question: call.input as QueryQuestion, end, fail })
        })
      case 'history':
        return historyOf(this.#core, call.input as HistoryQuestion)
      case 'outcome':
        return outcomeOf(this.#core, call, call.input as ContinuedWait)
    }
  }
  /* oxlint-enable typescript/no-unsafe-type-assertion */

  #arrived(arrival: Arrival): void {
    this.#inbox.push(arrival)
    this.#kick()
  }

  /** The body has asked for something, or has ended. */
  #changed(): void {
    if (this.#core.run?.woken() !== true) return
    this.#isBehind = true
    this.#kick()
  }

  #freed(): void {
    this.#isBehind = true
    this.#kick()
  }

  #kick(): void {
    if (this.#isLooping || this.#isOver) return
    this.#isLooping = true
    this.#works()
    this.#goOn()
  }

  #works(): void {
    if (this.#release !== undefined) return
    const core = this.#core
    this.#release = core.scope.hold()
    // What is at work is not to be forgotten.
    this.#options.resting.delete(core)
    if (!core.listing.isPut) this.#options.unlisted.add(this)
  }

  /**
   * The loop: does one thing after the other, beginning with what came of the last one, until nothing is left or something has to be
   * waited for. Callbacks and no `await`: most steps have nothing to wait for, or the body's turn only, and promises for them are
   * what a short workflow would spend most of its time on.
   */
  readonly #goOn = (made?: Stepped): void => {
    try {
      let came = made
      while (this.#went(came) && !this.#isOver) {
        const stepped = this.#step()
        if (stepped === 'turn') return
        if (stepped instanceof Promise) return void stepped.then(this.#goOn, this.#stepFailed)
        came = stepped
      }
    } catch (error) {
      this.#failed(error)
    }
    this.#stopped()
  }

  readonly #stepFailed = (error: unknown): void => {
    this.#failed(error)
    this.#stopped()
  }

  #stopped(): void {
    this.#isLooping = false
    // What came between the last look and now found the loop busy.
    if (this.#inbox.length > 0 || this.#isBehind) this.#kick()
  }

  /** Does one thing. */
  #step(): Stepped | Turn | Promise<Stepped> {
    const core = this.#core
    this.#isBehind = false
    if (!core.isLoaded) return core.load()
    if (core.lacksVersion) return this.#withoutVersion()
    if (!core.isPrepared) return core.prepare()
    return this.#stepOf(core.ensureRun())
  }

  #stepOf(run: LiveRun | undefined): Stepped | Turn | Promise<Stepped> {
    const standing = run?.advance()
    if (run !== undefined && standing === 'awake') {
      run.giveTurn(this.#goOn)
      return 'turn'
    }
    if (standing === 'mismatch' && run?.replay.mismatch !== undefined)
      return pauseOnMismatch(this.#core, run.replay.mismatch)
    const arrival = this.#inbox.shift()
    if (arrival !== undefined) return this.#handle(arrival)
    return run === undefined ? this.#restWithoutRun() : progress(this.#core, run, this.#arrivals)
  }

  /** Whether to look again after a step. */
  #went(made: Stepped): boolean {
    if (made === undefined || made === 'again') return true
    if (this.#inbox.length > 0 || this.#isBehind) return true
    if (made === 'rest') this.#rests()
    return false
  }

  async #restWithoutRun(): Promise<Stepped> {
    await this.#core.storeAll()
    return 'rest'
  }

  #rests(): void {
    const core = this.#core
    if (core.isDraining) core.held.failAll(new Postponed('The execution moves to another owner.'))
    this.#options.unlisted.delete(this)
    this.#release?.()
    this.#release = undefined
    if (this.#options.alwaysReplay && core.held.isEmpty) core.forget()
    else core.rests()
  }

  /** It may take long, until somebody registers the version: people are to find it. */
  async #restWithoutVersion(): Promise<Stepped> {
    const { listing, scope } = this.#core
    await listing.lookUp(scope.services.storage.executions)
    listing.ensure()
    return this.#restWithoutRun()
  }

  /** Only what does not run the body can be done. */
  #withoutVersion(): Stepped | Promise<Stepped> {
    const core = this.#core
    const arrival = this.#inbox.shift()
    if (arrival === undefined) return this.#restWithoutVersion()
    const version = core.recorded.started?.version ?? 0
    const cause = new VersionNotRegistered(core.name, version, core.registry.versions)
    if (arrival.kind === 'query') arrival.fail(cause)
    else if (arrival.kind === 'event' && arrival.body.kind === 'restart') take(core, arrival)
    else if (arrival.kind === 'start' || arrival.kind === 'event') arrival.fail(new Postponed(cause.message, { cause }))
    return 'again'
  }

  #handle(arrival: Arrival): void | Promise<void> {
    const core = this.#core
    switch (arrival.kind) {
      case 'start':
      case 'event':
        return this.#receive(arrival)
      case 'query':
        return this.#answer(arrival)
      case 'attempt':
        return attemptEnded(core, arrival.attempt, arrival.result)
      case 'heartbeat':
        return this.#beat(arrival)
      case 'unlisted':
        return core.listing.ensure()
    }
  }

  /** What cannot be handled now is the message's business, not the execution's. */
  #receive(arrival: StartArrival | EventArrival): void | Promise<void> {
    try {
      if (arrival.kind === 'event') return take(this.#core, arrival)
      return start(this.#core, arrival, this.#options.placement)?.catch(arrival.fail)
    } catch (error) {
      return arrival.fail(error)
    }
  }

  async #answer({ question, end, fail }: Extract<Arrival, { kind: 'query' }>): Promise<void> {
    const core = this.#core
    try {
      if (core.isUnknown) throw new MethodNotFound(core.name, question.name)
      const run = core.run ?? (await core.inspect())
      const answer = run.scope.queries.get(question.name)
      if (answer === undefined) throw new MethodNotFound(core.name, question.name)
      const { mismatch } = run.replay
      if (mismatch !== undefined) throw new NonDeterminismError(mismatch)
      end(encode(await answer(decode(question.input)), `the answer of query ${question.name}`))
    } catch (error) {
      fail(error)
    }
  }

  #beat({ attempt, details }: Extract<Arrival, { kind: 'heartbeat' }>): void {
    const { step } = attempt.operation
    if (this.#core.run?.attempts.get(step) !== attempt) return
    this.#core.record({ kind: 'heartbeat', step, attempt: attempt.number, details, at: this.#core.now })
  }

  /** What is stored is unknown, or not what was believed. The next life reads it. */
  #failed(error: unknown): void {
    const core = this.#core
    this.#isOver = true
    core.dropRun('the execution is read again')
    const isFenced = error instanceof UnitRefused && error.result.kind === 'fenced'
    const reason = isCrusterError(error) ? error : givenUp(core, 'what is stored has to be read again')
    if (!isFenced) core.scope.log.log('warn', 'An execution starts over from what is stored.', { error })
    if (error instanceof UnitRefused && error.result.kind === 'gone' && !core.isUnknown) void this.#wakeAgain(reason)
    else core.scope.restart(reason)
  }

  /**
   * A message that was to keep the execution awake had been concluded by a commit whose answer was lost, so perhaps none is left:
   * another one takes its place before the next life reads what is stored.
   */
  async #wakeAgain(reason: Error): Promise<void> {
    const { scope, outgoing } = this.#core
    if (await storeWake(scope, () => outgoing.own({ kind: 'wake' }))) scope.restart(reason)
  }
}
