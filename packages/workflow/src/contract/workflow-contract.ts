import type {
  ChildContract,
  Connectable,
  Duration,
  DurableContext,
  ErrorClasses,
  ErrorSpecs,
  MethodTypes,
} from '@cruster/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ChildClient } from '../client/child-client.ts'
import type { WorkflowClient } from '../client/workflow-client.ts'
import type { JournalLimits } from '../engine/workflow-program.ts'
import type { Activities } from './activity-handlers.ts'
import type { AnyActivityGroup, GroupActivities } from './activity-group.ts'
import type { Queries } from './query.ts'
import type { Signals } from './signal.ts'
import type { WorkflowFactory, WorkflowHandlers, WorkflowImplementation } from './workflow-implementation.ts'
import type { WorkflowParts } from './workflow-types.ts'

/** How executions of a workflow are placed and kept. */
export interface WorkflowSettings {
  readonly shardGroup: string
  /** How long an execution and its history are kept after its end, in milliseconds. */
  readonly retentionMs: number
}

/** What every workflow contract is, whatever its types. */
export interface AnyWorkflow {
  readonly kind: 'workflow'
  readonly name: string
  readonly version: number
  readonly input: StandardSchemaV1 | undefined
  readonly output: StandardSchemaV1 | undefined
  readonly key: ((input: never) => unknown) | undefined
  readonly activities: Activities
  readonly groups: readonly AnyActivityGroup[]
  readonly signals: Signals
  readonly queries: Queries
  readonly errors: Readonly<Record<string, unknown>>
  readonly settings: WorkflowSettings
  /** Types only; never present at run time. */
  readonly '~types'?: MethodTypes
}

/**
 * The contract of a workflow: plain and frozen, safe to import wherever it is started from. `implement` binds its body and
 * its activities; only runners need those.
 */
export interface WorkflowContract<Types extends MethodTypes, P extends WorkflowParts>
  extends AnyWorkflow, Connectable<WorkflowClient<Types, P>>, ChildContract<ChildClient<Types, P>> {
  readonly kind: 'workflow'
  readonly key: ((input: Types['parsed']) => unknown) | undefined
  readonly activities: P['activities']
  readonly groups: P['groups']
  readonly signals: P['signals']
  readonly queries: P['queries']
  /** Classes to throw in the body and to catch in callers. */
  readonly errors: ErrorClasses<P['errors']>
  readonly '~types'?: Types
  /** Leaves open what handlers need; `with(deps)` of the result hands it in. */
  implement<Deps>(factory: (deps: Deps) => WorkflowHandlers<Types, P>): WorkflowFactory<Types, P, Deps>
  // Last, because a compiler that finds no overload explains why the last one does not fit.
  implement(handlers: WorkflowHandlers<Types, P>): WorkflowImplementation<Types, P>
}

/** Turns the name of an activity that means something else already into an error where it is written. */
export type WithoutClash<A, Groups extends readonly AnyActivityGroup[]> = {
  readonly [Name in keyof A & keyof DurableContext]: `the context has an operation named ${Name & string}`
} & {
  readonly [Name in keyof A & keyof GroupActivities<Groups>]: `a group already has an activity named ${Name & string}`
}

/** What a workflow is declared with. */
export interface WorkflowOptions<
  Input extends StandardSchemaV1,
  Output extends StandardSchemaV1,
  P extends WorkflowParts,
> {
  /** Checks the input before anything is stored. `typed<Order>()` has a type and checks nothing. Default: no input. */
  readonly input?: Input
  /** Checks the output before it is recorded. Default: no output. */
  readonly output?: Output
  readonly activities?: P['activities'] & WithoutClash<P['activities'], P['groups']>
  readonly groups?: P['groups']
  readonly signals?: P['signals']
  readonly queries?: P['queries']
  /** Errors that the body throws as part of its answer; they arrive as instances of `Contract.errors.Name`. */
  readonly errors?: P['errors']
  /**
   * Names the execution that an input belongs to: starting it twice joins the first. A text is the execution id as it is,
   * anything else is hashed. Default: the SHA-256 of the input, so that equal inputs are one execution.
   */
  readonly key?: (input: StandardSchemaV1.InferOutput<Input>) => unknown
  /** Whole number from 1, default 1. Executions stay on the version on which they began. */
  readonly version?: number
  /** How long an execution and its history are kept after its end. Default 30 days; longer costs storage. */
  readonly retention?: Duration
  /** How much an execution may record. Defaults: warnings from 10 000 entries or 10 MiB, errors from 50 000 or 50 MiB. */
  readonly limits?: Partial<JournalLimits>
  /** Which runners execute it: those that list the group. Default `default`. */
  readonly shardGroup?: string
}

/** The parts of a workflow, from what was inferred for each. */
export interface Parts<
  A extends Activities,
  G extends readonly AnyActivityGroup[],
  S extends Signals,
  Q extends Queries,
  E extends ErrorSpecs,
> extends WorkflowParts {
  readonly activities: A
  readonly groups: G
  readonly signals: S
  readonly queries: Q
  readonly errors: E
}
