import type { DurableOperations, MethodTypes, StepOptions, WaitLimit } from '@cruster/core'
import type { ActivityTypes } from './activity-handlers.ts'
import type { QueryTypes } from './query.ts'
import type { SignalValue } from './signal.ts'
import type { AnyWorkflow } from './workflow-contract.ts'
import type { AllActivities, TypesOf, WorkflowParts } from './workflow-types.ts'

/** Arguments of something that may take no input. */
export type InputArguments<Input, Options> = [Input] extends [void]
  ? [input?: undefined, options?: Options]
  : undefined extends Input
    ? [input?: Input, options?: Options]
    : [input: Input, options?: Options]

/** The activities of a workflow, by name, as its body calls them. */
export type ActivityCalls<A> = {
  readonly [Name in keyof A]: (
    ...args: InputArguments<ActivityTypes<A[Name]>['input'], StepOptions>
  ) => Promise<ActivityTypes<A[Name]>['output']>
}

/** The operations whose types depend on the contract. */
export interface DeclaredOperations<
  Types extends MethodTypes,
  P extends Pick<WorkflowParts, 'signals' | 'queries'>,
> extends DurableOperations {
  /** The next signal of this name, in the order in which they came; with a time limit, undefined when none comes. */
  signal<Name extends keyof P['signals'] & string>(name: Name): Promise<SignalValue<P['signals'][Name]>>
  signal<Name extends keyof P['signals'] & string>(
    name: Name,
    options: WaitLimit,
  ): Promise<SignalValue<P['signals'][Name]> | undefined>
  /** Answers queries of this name from now on. The function only reads. */
  setQuery<Name extends keyof P['queries'] & string>(
    name: Name,
    answer: (input: QueryTypes<P['queries'][Name]>['parsed']) => QueryTypes<P['queries'][Name]>['returned'],
  ): void
  /**
   * Ends this run and begins another one under the same execution id, with an empty history, on the newest version:
   * `return` it. Signals that were not taken are carried over.
   */
  continueAsNew(...args: InputArguments<Types['input'], never>): Promise<never>
}

type PartsOf = Pick<WorkflowParts, 'activities' | 'groups' | 'signals' | 'queries'>

/** What `run` of a workflow gets: durable operations, and its activities by name. */
export type RunContext<Types extends MethodTypes, P extends PartsOf> = DeclaredOperations<Types, P> &
  ActivityCalls<AllActivities<P>>

/** The context of a contract, for functions that `run` hands it to: `(ctx: WorkflowContext<typeof ProcessOrder>) => …`. */
export type WorkflowContext<C extends AnyWorkflow> = RunContext<TypesOf<C>, C>
