import type { MethodTypes } from '@cruster/core'
import type { SignalInput } from '../contract/signal.ts'
import type { InputArguments } from '../contract/workflow-context.ts'
import type { WorkflowParts } from '../contract/workflow-types.ts'

/** How a child is started. */
export interface ChildOptions {
  /** It goes on when its parent ends or is cancelled. Default false: it is cancelled then. */
  readonly detached?: boolean
  /** Begins on this version. Default: the newest that its owner has. */
  readonly version?: number
}

/** Starts children under an id that was decided before. */
export interface ChildStarter<Types extends MethodTypes, P extends WorkflowParts> {
  /** Starts a child and waits for its result. @throws the error that it ends with. */
  execute(...args: InputArguments<Types['input'], ChildOptions>): Promise<Types['output']>
  /** Starts a child. Resolves when that is recorded. */
  start(...args: InputArguments<Types['input'], ChildOptions>): Promise<ChildRun<Types, P>>
}

/** Starts a workflow from the body of another one. Each call is a recorded step. */
export interface ChildClient<Types extends MethodTypes, P extends WorkflowParts> extends ChildStarter<Types, P> {
  /** Starts under another key than the contract's. Without any key each call has a child of its own. */
  withKey(key: unknown): ChildStarter<Types, P>
  /** Starts under this execution id. */
  withRawKey(executionId: string): ChildStarter<Types, P>
  /** An execution that is running, child or not: to signal or cancel it. */
  get(executionId: string): Pick<ChildRun<Types, P>, 'executionId' | 'signal' | 'cancel'>
}

/** An execution that the body of another one started. */
export interface ChildRun<Types extends MethodTypes, P extends WorkflowParts> {
  readonly executionId: string
  /** Waits for the result. @throws the error that the child ends with. */
  result(): Promise<Types['output']>
  signal<Name extends keyof P['signals'] & string>(
    name: Name,
    ...args: InputArguments<SignalInput<P['signals'][Name]>, never>
  ): Promise<void>
  cancel(reason?: string): Promise<void>
}
