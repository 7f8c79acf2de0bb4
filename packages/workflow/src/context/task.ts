import type { CallTarget, Due, RetryPolicy, SendOptions, StepContext } from '@cruster/core'
import type { ExecutionContract } from '../protocol/execution-contract.ts'
import type { ExecutionEvent } from '../protocol/execution-message.ts'
import type { ChildCall } from './child-port.ts'

/** Work that is done in attempts, in memory, and whose result is recorded. */
export interface AttemptTask {
  readonly kind: 'attempt'
  /** Does it once. What it gives is recorded. */
  readonly invoke: (context: StepContext) => unknown
  readonly retry: RetryPolicy | undefined
  readonly timeoutMs: number | undefined
  readonly heartbeatMs: number | undefined
  /** Whether an error reaches the body as the cause of ActivityFailed. Calls fail with their own errors. */
  readonly wrapsErrors: boolean
  /** Whether one more attempt may help; asked beside the policy. Default: whatever the policy says. */
  readonly isPassing?: (error: unknown) => boolean
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
