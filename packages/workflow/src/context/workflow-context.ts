import type {
  Branch,
  Deferred,
  DeferredKey,
  Duration,
  ExecutionRef,
  HandlerLog,
  RetryPolicy,
  StepContext,
  StepOptions,
  WaitLimit,
} from '@cruster/core'
import { ConfigError, decode, encode, encodeCanonical, parseDuration, retryPolicy } from '@cruster/core'
import type { LogFields, LogLevel } from '@cruster/core/ports'
import { deferredToken } from '../protocol/deferred-token.ts'
import type { StepKind } from '../journal/journal-entry.ts'
import { ask } from './asking.ts'
import { outsideOfBody } from './body-entrance.ts'
import type { BodyScope } from './body-scope.ts'
import { all, any, race } from './branches.ts'
import { RecordedCheckpoint } from './checkpoints.ts'
import { childClient } from './children.ts'
import { durableClient } from './durable-client.ts'
import type { AttemptTask } from './task.ts'

/** Limits of attempts before `options` replace them. */
export interface AttemptDefaults {
  readonly retry?: RetryPolicy | undefined
  readonly timeoutMs?: number | undefined
  readonly heartbeatMs?: number | undefined
}

/** Work that the body asks for by name. */
export interface Work {
  readonly kind: StepKind
  readonly name: string
  /** Canonical bytes of its input, if it has any. */
  readonly input?: Uint8Array
  readonly invoke: (context: StepContext) => unknown
  readonly defaults?: AttemptDefaults
  readonly options?: StepOptions | undefined
}

/** What `run(ctx, input)` gets, without the activities. Types are those of `DurableContext`. */
export class WorkflowContext {
  readonly #scope: BodyScope
  #log: HandlerLog | undefined

  constructor(scope: BodyScope) {
    this.#scope = scope
  }

  get log(): HandlerLog {
    this.#log ??= silentOnReplay(this.#scope)
    return this.#log
  }

  get executionId(): string {
    return this.#scope.execution.id
  }

  get workflowName(): string {
    return this.#scope.program.workflow
  }

  get version(): number {
    return this.#scope.program.version
  }

  get parent(): ExecutionRef | undefined {
    return this.#scope.parent
  }

  get client(): (contract: unknown) => unknown {
    return durableClient(this.#scope)
  }

  run(name: string, step: (context: StepContext) => unknown, options?: StepOptions): Promise<unknown> {
    return work(this.#scope, { kind: 'run', name, invoke: step, options })
  }

  async sleep(duration: Duration): Promise<void> {
    const forMs = parseDuration(duration, 'a sleep')
    await ask(this.#scope, { kind: 'sleep', name: '', input: encodeCanonical(forMs), task: { kind: 'wait', forMs } })
  }

  async sleepUntil(at: Date | number): Promise<void> {
    const until = Number(at)
    if (!Number.isFinite(until))
      throw new ConfigError(`sleepUntil() takes a date or milliseconds since 1970, not ${String(at)}.`)
    const input = encodeCanonical(['until', until])
    await ask(this.#scope, { kind: 'sleep', name: '', input, task: { kind: 'wait', until } })
  }

  signal(name: string, limit?: WaitLimit): Promise<unknown> {
    return this.#await('signal', name, limit)
  }

  deferred(key: string | DeferredKey<unknown>): Deferred<unknown> {
    const name = typeof key === 'string' ? key : key.name
    const { type, id } = this.#scope.execution
    return {
      name,
      token: deferredToken({ type, id, name }),
      wait: (limit?: WaitLimit) => this.#await('deferred', name, limit),
    }
  }

  setQuery(name: string, answer: (input: unknown) => unknown): void {
    this.#scope.queries.set(name, answer)
  }

  now(): number {
    return Number(this.#value('now', () => this.#scope.clock.now()))
  }

  random(): number {
    return Number(this.#value('random', () => this.#scope.random.next()))
  }

  uuid(): string {
    return String(this.#value('uuid', () => this.#scope.random.uuid()))
  }

  all(branches: readonly Branch<unknown>[]): Promise<unknown> {
    return all(branches)
  }

  race(branches: readonly Branch<unknown>[]): Promise<unknown> {
    return race(this.#scope, branches)
  }

  any(branches: readonly Branch<unknown>[]): Promise<unknown> {
    return any(this.#scope, branches)
  }

  workflow(contract: unknown): unknown {
    return childClient(this.#scope, contract)
  }

  patched(id: string): boolean {
    return this.#scope.replay.patched(id, encode(true))
  }

  onFailure(compensation: () => unknown): void {
    this.#scope.compensations.push(compensation)
  }

  onInterrupt(listener: (reason: string | undefined) => void): void {
    this.#scope.replay.cancellation.onInterrupt(listener)
  }

  async uncancellable(section: () => Promise<unknown>): Promise<unknown> {
    const { cancellation } = this.#scope.replay
    cancellation.enter()
    try {
      return await section()
    } finally {
      cancellation.leave()
    }
  }

  async checkpoint(name: string, initial: unknown): Promise<RecordedCheckpoint> {
    return new RecordedCheckpoint(this.#scope, name, initial)
  }

  checkpointCompute(name: string, compute: () => unknown): Promise<unknown> {
    return work(this.#scope, { kind: 'compute', name, invoke: compute })
  }

  checkpointExists(name: string): boolean {
    return decode(this.#scope.replay.checkpointExists(name, (exists) => encode(exists))) === true
  }

  /** The body does not go on from here: the run has ended, and another one begins. */
  continueAsNew(input: unknown): Promise<never> {
    this.#scope.continueWith ??= encode(input, `the input of ${this.#scope.program.workflow}`)
    return new Promise<never>(() => {})
  }

  #await(kind: 'signal' | 'deferred', name: string, limit: WaitLimit | undefined): Promise<unknown> {
    const forMs = limit === undefined ? undefined : parseDuration(limit.timeout, 'timeout')
    const input = encodeCanonical(forMs)
    return ask(this.#scope, { kind, name, input, awaits: { kind, name }, task: { kind: 'wait', forMs } })
  }

  #value(kind: StepKind, make: () => unknown): unknown {
    return decode(
      this.#scope.replay.value({ kind, name: '', digest: undefined, make: () => encode(outsideOfBody(make)) }),
    )
  }
}

/** Asks for work that is done in attempts. */
export function work(
  scope: BodyScope,
  { kind, name, input, invoke, defaults = none, options = none }: Work,
): Promise<unknown> {
  const retry = options.retry === undefined ? defaults.retry : retryPolicy(options.retry)
  const task: AttemptTask = {
    kind: 'attempt',
    invoke,
    retry,
    timeoutMs: milliseconds(options.timeout, 'timeout') ?? defaults.timeoutMs,
    heartbeatMs: milliseconds(options.heartbeat, 'heartbeat') ?? defaults.heartbeatMs,
    wrapsErrors: true,
  }
  return ask(scope, { kind, name, task, input })
}

const none = Object.freeze({})

const milliseconds = (duration: Duration | undefined, what: string): number | undefined =>
  duration === undefined ? undefined : parseDuration(duration, what)

function silentOnReplay({ log, replay }: BodyScope): HandlerLog {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (replay.isReplaying) return
    outsideOfBody(() => {
      log.log(level, message, fields)
    })
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
