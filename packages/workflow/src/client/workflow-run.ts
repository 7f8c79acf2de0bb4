import type { DeferredKey, MethodTypes, SendOptions } from '@cruster/core'
import type { QueryTypes } from '../contract/query.ts'
import type { SignalInput } from '../contract/signal.ts'
import type { InputArguments } from '../contract/workflow-context.ts'
import type { WorkflowParts } from '../contract/workflow-types.ts'
import type { ExecutionStatus } from '../protocol/inspection.ts'
import type { History } from './history.ts'
import type { ResultOptions } from './workflow-client.ts'

/** What is known of an execution's end at a moment. */
export type Polled<Output> =
  /** No execution has this id; it was never started, or its retention has passed. */
  | { readonly kind: 'unknown' }
  /** It has not ended. It may be waiting, or paused. */
  | { readonly kind: 'running' }
  | { readonly kind: 'completed'; readonly output: Output }
  | { readonly kind: 'failed' | 'cancelled'; readonly error: Error }

/** Whether a deferred has taken a value. */
export type Resolution =
  | 'resolved'
  /** It had its value; this one changed nothing. */
  | 'alreadyResolved'
  /** The execution has ended, so nothing changed. */
  | 'ended'

/** Which part of an execution is run again. */
export interface RestartOptions {
  /** Steps before this one are kept; it and later ones are done again. Default: all steps are done again. */
  readonly beforeStep?: number
  /** Runs on this version. Default: the one that it ran on. */
  readonly version?: number
}

/** How a copy of an execution begins. */
export interface ForkOptions {
  /** Recorded steps before this one are taken over. Default: none. */
  readonly beforeStep?: number
  /** The new execution. */
  readonly executionId: string
  readonly version?: number
}

/** One execution. Every method asks its owner, wherever that is, and rejects with ExecutionNotFound when there is none. */
export interface WorkflowRun<Types extends MethodTypes, P extends WorkflowParts> {
  readonly executionId: string
  /** Waits for the result. @throws the error that the execution ends with. */
  result(options?: ResultOptions): Promise<Types['output']>
  /** The result if there is one by now. */
  poll(): Promise<Polled<Types['output']>>
  /** Undefined: no execution has this id. */
  status(): Promise<ExecutionStatus | undefined>
  /** Tells it something. Resolves when that is stored; in an activity it commits with it. Signals keep their order. */
  signal<Name extends keyof P['signals'] & string>(
    name: Name,
    ...args: InputArguments<SignalInput<P['signals'][Name]>, SignalOptions>
  ): Promise<void>
  /** Asks the running body; a body that is not in memory is brought there for it. */
  query<Name extends keyof P['queries'] & string>(
    name: Name,
    ...args: InputArguments<QueryTypes<P['queries'][Name]>['input'], never>
  ): Promise<QueryTypes<P['queries'][Name]>['output']>
  /** Gives a deferred its value; the first one wins. */
  resolve<Value>(deferred: string | DeferredKey<Value>, value: Value): Promise<Resolution>
  /** Gives a deferred an error, which is thrown to who waits for it. */
  reject(deferred: string | DeferredKey<unknown>, error: Error): Promise<Resolution>
  /** Asks it to stop: what it waits for fails with WorkflowCancelled, and compensations run. Resolves when that is stored. */
  cancel(reason?: string): Promise<void>
  /** Holds it where it is; signals and timers that come meanwhile are kept. */
  pause(reason?: string): Promise<void>
  /** Lets a paused execution go on, also one that was paused because it did not match its history. */
  resume(): Promise<void>
  /** Runs it again under the same id, whether it has ended or not. */
  restart(options?: RestartOptions): Promise<void>
  /** Starts another execution with the same input and the steps recorded so far. */
  fork(options: ForkOptions): Promise<WorkflowRun<Types, P>>
  /** All that is recorded, in order: for people, for tests, for `replay`. */
  history(): Promise<History>
}

/** How a signal is sent. */
export interface SignalOptions {
  /** Makes the signal countable once: a second one with this key changes nothing. */
  readonly idempotencyKey?: string
  /** A transaction of your own on the same PostgreSQL database: the signal is sent if and only if you commit. */
  readonly transaction?: NonNullable<SendOptions['transaction']>
}
