import type { ExecutionRef } from '@cruster/core'
import type { ExecutionContract } from '../protocol/execution-contract.ts'

/** A child to be started: what its contract makes of a call in the body of its parent. */
export interface ChildCall {
  readonly contract: ExecutionContract
  /** Name of the workflow, for people. */
  readonly workflow: string
  /** Undefined: an id of its own, made of the parent's and of the step. */
  readonly id: string | undefined
  /** The encoded input, checked by its schema. */
  readonly input: Uint8Array
  readonly version?: number | undefined
  /** It goes on when its parent ends or is cancelled. Default false. */
  readonly detached?: boolean | undefined
}

/** A child, or another execution that the body knows. */
export interface ChildRef extends ExecutionRef {
  readonly contract: ExecutionContract
}

/** What the body of a workflow can do with children. Each call is a recorded step. */
export interface ChildPort {
  /** Resolves when the child's start is recorded; it is stored together with that. */
  start(call: ChildCall): Promise<ExecutionRef>
  /** Starts it and resolves to its encoded exit; see `decodeExit`. */
  execute(call: ChildCall): Promise<Uint8Array>
  /** Waits for the end of a child that {@link start} began. Resolves to its encoded exit. */
  result(child: ExecutionRef): Promise<Uint8Array>
  /** Cancels a child. Resolves when the message is recorded. */
  cancel(child: ChildRef, reason?: string): Promise<void>
  /** Sends a child a signal. Resolves when the message is recorded. */
  signal(child: ChildRef, name: string, payload: Uint8Array): Promise<void>
}

/** Key of the function by which a workflow's contract makes the client that `ctx.workflow` returns. */
export const asChild: unique symbol = Symbol.for('@cruster/workflow/asChild')
