import type { CallTarget, Due, ErrorData, RetryPolicy, SendOptions, StepContext } from '@cruster/core'
import type { FailedAttempt } from '../replay/operation.ts'
import type { ExecutionContract } from '../protocol/execution-contract.ts'
import type { ExecutionEvent } from '../protocol/execution-message.ts'
import type { ChildCall } from './child-port.ts'

/** How often an error is answered with one more attempt. */
export interface ErrorPolicy {
  readonly retry: RetryPolicy | undefined
  /** Attempts that count, this one included. */
  readonly attempt: number
}

/** Work that is done in attempts, in memory, and whose result is recorded. */
export interface AttemptTask {
  readonly kind: 'attempt'
  /** Does it once. What it gives is recorded. */
  readonly invoke: (context: StepContext, failures: readonly FailedAttempt[]) => unknown
  readonly retry: RetryPolicy | undefined
  readonly timeoutMs: number | undefined
  readonly heartbeatMs: number | undefined
  /** Whether an error reaches the body as the cause of ActivityFailed. Calls fail with their own errors. */
  readonly wrapsErrors: boolean
  /** Which policy an error falls under, and the how manyth of its kind it is. Default: `retry`, and all errors count. */
  readonly policyFor?: (error: ErrorData, failures: readonly FailedAttempt[]) => ErrorPolicy
}

/** A wait that is recorded: for a time, for a signal, a deferred, a child. */
export interface WaitTask {
  readonly kind: 'wait'
  readonly forMs?: number | undefined
  readonly until?: number | undefined
}

/** Starts another execution. */
export interface ChildTask {
  readonly kind: 'child'
  readonly call: ChildCall
  /** Ends with the child; else when its start is recorded. */
  readonly waits: boolean
}

/** Sends a message together with the record that it was sent. */
export interface SendTask {
  readonly kind: 'send'
  readonly target: CallTarget
  readonly input: unknown
  readonly options: SendOptions & { readonly due?: Due }
}

/** Tells another execution something together with the record that it was told. */
export interface TellTask {
  readonly kind: 'tell'
  readonly contract: ExecutionContract
  readonly id: string
  readonly event: ExecutionEvent
}

/** What the shell is asked to do for an operation. */
export type Task = AttemptTask | WaitTask | ChildTask | SendTask | TellTask
