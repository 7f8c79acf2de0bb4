import type { Disagreement } from '@cruster/core'
import { Defect, NonDeterminismError, encodeExit } from '@cruster/core'
import type { Event, JournalEntry, Started, Step, StepKind, Waiting } from '../journal/journal-entry.ts'
import { stepOf } from '../journal/journal-entry.ts'
import { Arrivals } from './arrivals.ts'
import { Cancellation } from './cancellation.ts'
import type { Awaited, OperationEnd, Request } from './operation.ts'
import { Operation } from './operation.ts'
import { RecordedSteps, isCheckpoint } from './recorded-steps.ts'
import { hex, sameBytes, stepText } from './step-text.ts'

/**
 * What delivering an entry did.
 *
 * - `woke`: an operation has ended, so the body has something to do. Let it run until it is quiet before the next delivery.
 * - `passed`: nothing for the body.
 * - `none`: every entry is delivered.
 * - `paused`: entries after a pause wait for a resume.
 * - `mismatch`: the body and the journal disagree; see {@link Replay.mismatch}.
 */
export type Delivery = 'woke' | 'passed' | 'none' | 'paused' | 'mismatch'

/** A value that the body is given at once. */
export interface ValueRequest extends Omit<Step, 'step'> {
  /** Makes it when it is not recorded. */
  readonly make: () => Uint8Array
}

/** A step, before it has its number. */
type Asked = Omit<Step, 'step'>

/** Hears of entries that the body causes itself. */
export type OnRecord = (entry: JournalEntry) => void

/**
 * Runs a body over what its execution has recorded. Pure: no clock, no I/O. Who drives it delivers one entry after the other
 * and lets the body run until it is quiet in between, so operations end in the recorded order whatever their promises do.
 *
 * Invariants: P1 an operation gets its number when it is asked for, and a recorded number is asked for by the same kind, name
 * and digest, or nothing goes on. P2 an entry of a step is delivered after the body has asked for the step. P3 entries are
 * delivered in the order of the journal, live ones after recorded ones. P4 after a mismatch nothing is delivered.
 */
export class Replay<Task> {
  readonly started: Started
  readonly arrivals = new Arrivals()
  readonly cancellation: Cancellation
  readonly #execution: string
  readonly #onRecord: OnRecord
  readonly #entries: JournalEntry[]
  /** How many entries were there before the body ran. */
  readonly #recordedCount: number
  readonly #recorded: RecordedSteps
  readonly #operations = new Map<number, Operation<Task>>()
  readonly #open = new Set<Operation<Task>>()
  #closed: Operation<Task>[] = []
  /** Everything that the body has asked for: the first is step 1. */
  readonly #asked: Asked[] = []
  // Made with the first of them: most bodies have none.
  #patches: Map<string, boolean> | undefined
  #checkpoints: Set<string> | undefined
  #cursor = 1
  #mismatch: Disagreement | undefined

  /** `entries` begins with `started`; it is taken over. */
  constructor(execution: string, entries: JournalEntry[], onRecord: OnRecord) {
    const [started] = entries
    if (started?.kind !== 'started') throw new Defect('A journal begins with the start of its execution.')
    this.started = started
    this.#execution = execution
    this.#onRecord = onRecord
    this.#entries = entries
    this.#recordedCount = entries.length
    this.#recorded = new RecordedSteps(entries)
    this.cancellation = new Cancellation((reason) => this.#interrupt(reason))
    for (const event of started.carried) this.#receive(event)
  }

  /** Entries that were recorded before wait to be delivered: what the body does now, it has done before. */
  get isReplaying(): boolean {
    return this.#cursor < this.#recordedCount
  }

  get mismatch(): Disagreement | undefined {
    return this.#mismatch
  }

  /** How many entries were delivered: what the body sees changes with them alone. */
  get deliveries(): number {
    return this.#cursor
  }

  /** Number of the last step that was asked for. */
  get lastStep(): number {
    return this.#asked.length
  }

  /** Operations that have not ended, in the order of their steps. */
  get open(): Iterable<Operation<Task>> {
    return this.#open
  }

  get hasOpen(): boolean {
    return this.#open.size > 0
  }

  /** Operations that have ended since this was asked the last time, and not while replaying. */
  takeClosed(): readonly Operation<Task>[] {
    const closed = this.#closed
    if (closed.length > 0) this.#closed = []
    return closed
  }

  operation(step: number): Operation<Task> | undefined {
    return this.#operations.get(step)
  }

  /** Adds what just happened. It is delivered after everything before it. */
  append(entry: JournalEntry): void {
    this.#entries.push(entry)
  }

  /** A durable operation of the body, which hears of its end. */
  ask(request: Request<Task>): Operation<Task> {
    const step = this.#number(request)
    const operation = new Operation(request, step)
    this.#operations.set(step, operation)
    if (isCheckpoint(request.kind)) (this.#checkpoints ??= new Set()).add(request.name)
    if (this.#mismatch !== undefined) return operation
    const interrupts = this.cancellation.interrupts
    const end = interrupts === undefined ? this.#endOf(request.awaits) : { kind: 'cancelled' as const, ...interrupts }
    if (end === undefined) this.#open.add(operation)
    else operation.finish(end)
    return operation
  }

  /** A value that the body needs at once: the recorded one, or a new one, which is recorded. */
  value(request: ValueRequest): Uint8Array {
    const step = this.#number({ kind: request.kind, name: request.name, digest: request.digest })
    if (this.#mismatch !== undefined) throw new NonDeterminismError(this.#mismatch)
    if (isCheckpoint(request.kind)) (this.#checkpoints ??= new Set()).add(request.name)
    const known = this.#recorded.value(step)
    if (known !== undefined) return known
    const value = request.make()
    const { kind: of, name, digest } = request
    this.#record({ kind: 'value', step, of, name, digest, value })
    return value
  }

  /**
   * A decision about code that changed: recorded as true where it is first asked for, false for executions that had come
   * further without it. Always the same for one id.
   */
  patched(id: string, yes: Uint8Array): boolean {
    const known = this.#patches?.get(id)
    if (known !== undefined) return known
    const isNew = this.#isNextRecorded('patch', id) || !this.isReplaying
    this.#patches ??= new Map()
    this.#patches.set(id, isNew)
    if (isNew) this.value({ kind: 'patch', name: id, digest: undefined, make: () => yes })
    return isNew
  }

  /** Whether a checkpoint of this name was made. Code that did not ask when it first ran sees the whole journal. */
  checkpointExists(name: string, encoded: (exists: boolean) => Uint8Array): Uint8Array {
    const isAsked = this.#isNextRecorded('exists', name) || !this.isReplaying
    if (!isAsked) return encoded(this.#recorded.hasCheckpoint(name))
    const make = (): Uint8Array => encoded(this.#checkpoints?.has(name) === true || this.#recorded.hasCheckpoint(name))
    return this.value({ kind: 'exists', name, digest: undefined, make })
  }

  /** Nobody waits for these any more: they end, and take no signal away from others. */
  withdraw(operation: Operation<Task>): void {
    if (operation.withdraw()) this.#close(operation)
  }

  /** Delivers the next entry. */
  deliver(): Delivery {
    if (this.#mismatch !== undefined) return 'mismatch'
    const entry = this.#entries[this.#cursor]
    if (entry === undefined) return 'none'
    if (entry.kind === 'paused' && !this.#isResumed()) return 'paused'
    const delivery = this.#apply(entry)
    if (delivery !== 'mismatch') this.#cursor += 1
    return delivery
  }

  #isResumed(): boolean {
    return this.#entries.some((entry, index) => index > this.#cursor && entry.kind === 'resumed')
  }

  #apply(entry: JournalEntry): Delivery {
    if ('of' in entry && entry.step > this.lastStep) return this.#missing(entry)
    switch (entry.kind) {
      case 'done':
        return this.#finish(this.#operations.get(entry.step), { kind: 'exit', exit: entry.exit })
      case 'waiting':
        return this.#wait(entry)
      case 'attemptFailed':
        return this.#fail(this.#operations.get(entry.step), entry)
      case 'heartbeat':
        return this.#beat(this.#operations.get(entry.step), entry.details)
      case 'event':
        return this.#receive(entry.event)
      default:
        return 'passed'
    }
  }

  #wait({ step, dueAt, timer, child }: Waiting): Delivery {
    const operation = this.#operations.get(step)
    if (child !== undefined) this.arrivals.addChild(step, child)
    if (operation === undefined || operation.phase === 'ended') return 'passed'
    if (operation.phase === 'asked') operation.become('waiting')
    operation.dueAt = dueAt
    operation.timer = timer
    return 'passed'
  }

  #fail(operation: Operation<Task> | undefined, entry: Extract<JournalEntry, { kind: 'attemptFailed' }>): Delivery {
    if (operation === undefined || operation.phase === 'ended') return 'passed'
    if (operation.phase !== 'waiting') operation.become('waiting')
    operation.failures.push({ attempt: entry.attempt, error: entry.error, begunAt: entry.begunAt })
    operation.dueAt = entry.retryAt
    operation.timer = entry.timer
    return 'passed'
  }

  #beat(operation: Operation<Task> | undefined, details: Uint8Array): Delivery {
    if (operation !== undefined) operation.lastHeartbeat = details
    return 'passed'
  }

  #receive(event: Event['event']): Delivery {
    switch (event.kind) {
      case 'signal':
        return this.#signal(event.name, event.payload)
      case 'resolve':
        this.arrivals.resolve(event.name, event.exit)
        return this.#finishAll((awaits) => awaits.kind === 'deferred' && awaits.name === event.name)
      case 'childEnded':
        return this.#childEnded(event)
      case 'timer':
        return this.#timeUp(this.#operations.get(event.step), event.attempt)
      case 'cancel':
        this.cancellation.request(event.reason)
        return 'woke'
    }
  }

  #signal(name: string, payload: Uint8Array): Delivery {
    this.arrivals.addSignal(name, payload)
    const waiter = this.#waiters((awaits) => awaits.kind === 'signal' && awaits.name === name)[0]
    return waiter === undefined ? 'passed' : this.#finish(waiter, this.#endOf(waiter.request.awaits))
  }

  #childEnded({ step, exit }: Extract<Event['event'], { kind: 'childEnded' }>): Delivery {
    const child = this.arrivals.childEnded(step, exit)
    if (child === undefined) return 'passed'
    const own = this.#operations.get(step)
    const first = own?.kind === 'child' ? this.#finish(own, { kind: 'exit', exit }) : 'passed'
    const others = this.#finishAll(
      (awaits) => awaits.kind === 'child' && awaits.child.type === child.type && awaits.child.id === child.id,
    )
    return first === 'woke' ? first : others
  }

  #timeUp(operation: Operation<Task> | undefined, attempt: number): Delivery {
    if (operation?.phase !== 'waiting' || operation.timerAttempt !== attempt) return 'passed'
    operation.timer = undefined
    // Of an operation that has failed, it is the time for the next attempt.
    return operation.failures.length === 0 ? this.#finish(operation, { kind: 'timeUp' }) : 'passed'
  }

  #waiters(isMeant: (awaits: Awaited) => boolean): readonly Operation<Task>[] {
    return [...this.#open].filter(({ request }) => request.awaits !== undefined && isMeant(request.awaits))
  }

  #finishAll(isMeant: (awaits: Awaited) => boolean): Delivery {
    const waiters = this.#waiters(isMeant)
    for (const waiter of waiters) this.#finish(waiter, this.#endOf(waiter.request.awaits))
    return waiters.length > 0 ? 'woke' : 'passed'
  }

  #finish(operation: Operation<Task> | undefined, end: OperationEnd | undefined): Delivery {
    if (end === undefined || operation?.finish(end) !== true) return 'passed'
    this.#close(operation)
    return 'woke'
  }

  #close(operation: Operation<Task>): void {
    this.#open.delete(operation)
    if (!this.isReplaying) this.#closed.push(operation)
  }

  /** The end of an operation whose time has come already. */
  #endOf(awaits: Awaited | undefined): OperationEnd | undefined {
    if (awaits === undefined) return undefined
    const exit = this.#arrived(awaits)
    return exit === undefined ? undefined : { kind: 'exit', exit }
  }

  #arrived(awaits: Awaited): Uint8Array | undefined {
    if (awaits.kind === 'signal') return succeeded(this.arrivals.takeSignal(awaits.name))
    if (awaits.kind === 'deferred') return this.arrivals.resolution(awaits.name)
    return this.arrivals.childExit(awaits.child)
  }

  #interrupt(reason: string | undefined): void {
    for (const operation of this.#open) this.#finish(operation, { kind: 'cancelled', reason })
  }

  #record(entry: JournalEntry): void {
    this.#entries.push(entry)
    this.#onRecord(entry)
  }

  /** Gives an operation its number, and compares it with what is recorded under it. */
  #number(asked: Asked): number {
    const step = this.#asked.push(asked)
    const recorded = this.#recorded.get(step)
    if (recorded !== undefined && !isSame(recorded, asked)) this.#differs(recorded, asked)
    return step
  }

  /** How many steps of the same kind and name the body has asked for up to this one. */
  occurrence({ step, kind, name }: Pick<Step, 'step' | 'kind' | 'name'>): number {
    return this.#asked.slice(0, step).filter((asked) => asked.kind === kind && asked.name === name).length
  }

  #isNextRecorded(kind: StepKind, name: string): boolean {
    const recorded = this.#recorded.get(this.lastStep + 1)
    return recorded?.kind === kind && recorded.name === name
  }

  #differs(recorded: Step, asked: Asked): void {
    this.#mismatch ??= {
      execution: this.#execution,
      step: recorded.step,
      recorded: stepText(recorded, this.#recorded.occurrence(recorded)),
      asked: stepText(asked, this.occurrence({ ...asked, step: recorded.step })),
      recordedDigest: hex(recorded.digest),
      askedDigest: hex(asked.digest),
    }
  }

  #missing(entry: JournalEntry): Delivery {
    const recorded = stepOf(entry)
    if (recorded === undefined) return 'passed'
    this.#mismatch = {
      execution: this.#execution,
      step: recorded.step,
      recorded: stepText(recorded, this.#recorded.occurrence(recorded)),
      asked: undefined,
      recordedDigest: hex(recorded.digest),
    }
    return 'mismatch'
  }
}

/** A payload as the exit of who waited for it. */
function succeeded(value: Uint8Array | undefined): Uint8Array | undefined {
  return value === undefined ? undefined : encodeExit({ kind: 'success', value })
}

function isSame(recorded: Step, asked: Asked): boolean {
  return recorded.kind === asked.kind && recorded.name === asked.name && sameBytes(recorded.digest, asked.digest)
}
