import type { Duration, MethodTypes, SendOptions } from '@cruster/core'
import type { InputArguments } from '../contract/workflow-context.ts'
import type { WorkflowParts } from '../contract/workflow-types.ts'
import type { ExecutionFilter, ExecutionPage, PageOptions } from './execution-list.ts'
import type { WorkflowRun } from './workflow-run.ts'

/** How an execution is started. */
export interface StartOptions {
  /** Begins on this version. Default: the newest that its owner has. */
  readonly version?: number
  /**
   * A transaction of your own on the same PostgreSQL database: the execution starts if and only if you commit. Do not wait for
   * its result before that.
   */
  readonly transaction?: NonNullable<SendOptions['transaction']>
}

/** How a result is waited for. */
export interface ResultOptions {
  /** How long to wait; past it the call fails with DeadlineExceeded, and the execution goes on. Default: no limit. */
  readonly timeout?: Duration
  /** Stops waiting, not the execution. */
  readonly signal?: AbortSignal
}

/** Starts executions under an id that was decided before. */
export interface WorkflowStarter<Types extends MethodTypes, P extends WorkflowParts> {
  /** Starts the execution, or joins it, and waits for its result. @throws the error that it ends with. */
  execute(
    ...args: InputArguments<Types['input'], Omit<StartOptions, 'transaction'> & ResultOptions>
  ): Promise<Types['output']>
  /**
   * Resolves when the start is stored. Starting again joins the execution, running or ended, for as long as it is kept. In
   * an activity of an entity or a workflow the start commits with it.
   */
  start(...args: InputArguments<Types['input'], StartOptions>): Promise<WorkflowRun<Types, P>>
}

/** Reaches the executions of one workflow, wherever they run. */
export interface WorkflowClient<Types extends MethodTypes, P extends WorkflowParts> extends WorkflowStarter<Types, P> {
  /** One execution, by its id. Asks nobody: it need not exist. */
  get(executionId: string): WorkflowRun<Types, P>
  /** Starts under another key than the contract's: treated as what `key` of a contract returns. */
  withKey(key: unknown): WorkflowStarter<Types, P>
  /** Starts under this execution id. */
  withRawKey(executionId: string): WorkflowStarter<Types, P>
  /** The execution that an input belongs to: what `start` would start. */
  executionId(...args: InputArguments<Types['input'], never>): Promise<string>
  /** Executions of this workflow, the last started first; which are listed tells {@link ExecutionPage}. */
  list(filter?: ExecutionFilter & PageOptions): Promise<ExecutionPage>
}
