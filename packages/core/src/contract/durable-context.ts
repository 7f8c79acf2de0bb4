import type { SqlTransaction } from '../ports/sql-transaction.ts'
import type { Duration } from '../time/duration.ts'
import type { HandlerContext, HandlerLog } from './handlers.ts'
import type { Methods } from './method.ts'
import type { RetryOptions } from './retry.ts'

/** Names one execution of a workflow, wherever it runs. */
export interface ExecutionRef {
  /** The type of the entity that executes it: `Workflow/ProcessOrder`, or `Order/fulfil` for a method of an entity. */
  readonly type: string
  readonly id: string
}

/** How a workflow makes the attempts of one activity. Each replaces what the activity was declared with. */
export interface StepOptions {
  readonly retry?: RetryOptions
  /** How long one attempt may last. */
  readonly timeout?: Duration
  /** How long an attempt may go without a heartbeat. */
  readonly heartbeat?: Duration
}

/** What an activity of a workflow gets, and an inline step. Use it only until the handler ends. */
export interface StepContext {
  /** The execution that asks for it. */
  readonly executionId: string
  /** Name of the workflow. */
  readonly workflow: string
  /** Name of the activity, or of the inline step. */
  readonly activity: string
  /** 1 for the first attempt. */
  readonly attempt: number
  /** The same in every attempt of this step of this execution, and nowhere else: for services that take such a key. */
  readonly idempotencyKey: string
  /** Aborts when nobody wants the result any more: cancelled, past the time limit, the shard given away. */
  readonly signal: AbortSignal
  /** When this attempt is given up, in milliseconds since 1970. */
  readonly deadline: number | undefined
  readonly log: HandlerLog
  /** A transaction that commits together with the record that this step is done. It opens with its first statement. */
  readonly tx: SqlTransaction
  /** Says that the attempt is alive, with details which the next attempt finds in {@link lastHeartbeat}. */
  readonly heartbeat: (details?: unknown) => void
  /** Details of the last heartbeat of an attempt before this one. */
  readonly lastHeartbeat: unknown
  /** What is sent with `notify`, `schedule` and `start` leaves together with the record that this step is done. */
  readonly client: HandlerContext<Methods>['client']
}

/** Names a deferred and types its value: `deferredKey<Payment>('paid')`. */
export interface DeferredKey<Value> {
  readonly kind: 'deferred'
  readonly name: string
  /** Types only; never present at run time. */
  readonly '~value'?: Value
}

/** A value that somebody else gives, once. It may be there before anybody waits for it. */
export interface Deferred<Value> {
  readonly name: string
  /** Names this deferred of this execution for `resolveDeferred`, in any process or service: a text for URLs. */
  readonly token: string
  /** The value; with a time limit, undefined when it has not come by then. */
  wait(): Promise<Value>
  wait(options: WaitLimit): Promise<Value | undefined>
}

/** How long a workflow waits for something. Durable: it counts while nothing runs. */
export interface WaitLimit {
  readonly timeout: Duration
}

/** A named value of a workflow that is written as one function: each change is recorded. */
export interface Checkpoint<Value> {
  get(): Value
  /** Resolves when the value is recorded. */
  set(value: Value): Promise<void>
  /** Resolves to the new value when it is recorded. */
  update(change: (value: Value) => Value): Promise<Value>
}

/** A contract of a workflow, as `ctx.workflow` takes it; what comes out is the client that it makes for parents. */
export interface ChildContract<Client> {
  readonly kind: 'workflow'
  /** Types only; never present at run time. */
  readonly '~child'?: Client
}

/** A branch of `all`, `race` and `any`: a promise, or a function that begins it. */
export type Branch<Value> = Promise<Value> | (() => Promise<Value>)

/** What a branch gives. */
export type BranchValue<Of> = Of extends () => infer Begun ? Awaited<Begun> : Awaited<Of>

type MaybePromise<Value> = Value | Promise<Value>

/**
 * What the body of a workflow does durably. Each operation is recorded by kind, name and occurrence, with a digest of its
 * input; when the body runs again after a crash, recorded operations give what they gave.
 */
export interface DurableOperations {
  readonly executionId: string
  /** Name of the workflow. */
  readonly workflowName: string
  /** The version on which this execution runs, to its end. */
  readonly version: number
  /** The execution that started this one as its child. */
  readonly parent: ExecutionRef | undefined
  /** Silent while the body runs again over what is recorded. */
  readonly log: HandlerLog
  /** Runs a step that has no activity of its own. What it gives is recorded; it runs again only if that was lost. */
  run<Output>(
    name: string,
    step: (context: StepContext) => MaybePromise<Output>,
    options?: StepOptions,
  ): Promise<Output>
  /**
   * Sleeps; meanwhile nothing of the execution is in memory. The end is computed by the clock of the runner on which the
   * sleep begins and awaited by the database's: it is off by the difference of the two, so keep clocks in step (NTP).
   */
  sleep(duration: Duration): Promise<void>
  sleepUntil(at: Date | number): Promise<void>
  /** A value that an entity, another workflow, a client or an outside system gives with `resolveDeferred`. */
  deferred<Value>(name: string | DeferredKey<Value>): Deferred<Value>
  /** The time, in milliseconds since 1970; the same when the body runs again. */
  now(): number
  /** A number from 0 up to 1, without it; the same when the body runs again. */
  random(): number
  /** A random UUID; the same when the body runs again. */
  uuid(): string
  /** As `Promise.all`. Who was first is recorded. */
  all<const Branches extends readonly Branch<unknown>[]>(
    branches: Branches,
  ): Promise<{ -readonly [Index in keyof Branches]: BranchValue<Branches[Index]> }>
  /**
   * As `Promise.race`: the first that ends, also with an error. Who was first is recorded; the others go on, but waits that
   * were given as functions: these are given up, so that they take no signal away from later ones.
   */
  race<const Branches extends readonly Branch<unknown>[]>(branches: Branches): Promise<BranchValue<Branches[number]>>
  /** As `Promise.any`: the first that succeeds. Who was first is recorded; the others as in {@link race}. */
  any<const Branches extends readonly Branch<unknown>[]>(branches: Branches): Promise<BranchValue<Branches[number]>>
  /** Starts other workflows, as children of this execution unless they are detached. */
  workflow<Client>(contract: ChildContract<Client>): Client
  /** Calls entities; each call is a recorded step, made once in effect. */
  readonly client: HandlerContext<Methods>['client']
  /**
   * Whether the code that follows is new for this execution: true for executions that had not come this far when it was
   * deployed, false for those that had. Recorded.
   */
  patched(id: string): boolean
  /** Undoes what was just done, if the execution fails or is cancelled later. Run in reverse order, each as a step. */
  onFailure(compensation: () => unknown): void
  /** Called once when the execution is cancelled, before the operations that it waits for fail with WorkflowCancelled. */
  onInterrupt(listener: (reason: string | undefined) => void): void
  /** What runs inside is not interrupted by a cancellation; the one that came meanwhile takes effect afterwards. */
  uncancellable<Output>(section: () => Promise<Output>): Promise<Output>
  /** A named value, recorded with each change. The first time it is `initial`. */
  checkpoint<Value>(name: string, initial: Value): Promise<Checkpoint<Value>>
  /** Runs the function once in the life of the execution, and from then on gives what it gave. */
  checkpointCompute<Value>(name: string, compute: () => MaybePromise<Value>): Promise<Value>
  /** Whether an execution has recorded a checkpoint of this name so far. */
  checkpointExists(name: string): boolean
}

/** The context of a workflow whose signals and queries are not declared: of the workflow methods of entities. */
export interface DurableContext extends DurableOperations {
  /** The next signal of this name, in the order in which they came; with a time limit, undefined when none comes. */
  signal<Value = unknown>(name: string): Promise<Value>
  signal<Value = unknown>(name: string, options: WaitLimit): Promise<Value | undefined>
  /** Answers queries of this name from now on. The function only reads. */
  setQuery(name: string, answer: (input: unknown) => unknown): void
  /** Ends this run and begins another one under the same execution id, with an empty history: `return` it. */
  continueAsNew(input: unknown): Promise<never>
}
