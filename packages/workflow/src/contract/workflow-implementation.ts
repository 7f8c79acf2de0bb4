import type { MethodTypes } from '@cruster/core'
import { ConfigError } from '@cruster/core'
import type { Installable, RunnerHost } from '@cruster/sharding/extension'
import type { WorkflowClient } from '../client/workflow-client.ts'
import type { ActivityProgram, JournalLimits, WorkflowProgram } from '../engine/workflow-program.ts'
import type { ExecutionContract } from '../protocol/execution-contract.ts'
import type { ActivityGroupImplementation, AnyActivityGroup } from './activity-group.ts'
import type { ActivityHandlers, RawActivityHandlers } from './activity-handlers.ts'
import { checkHandlers } from './check-contract.ts'
import type { RunContext } from './workflow-context.ts'
import type { AnyWorkflow } from './workflow-contract.ts'
import type { Nothing, WorkflowParts } from './workflow-types.ts'

type MaybePromise<Value> = Value | Promise<Value>

type GroupImplementations<Groups extends readonly AnyActivityGroup[]> = {
  readonly [Index in keyof Groups]: ActivityGroupImplementation<Groups[Index]['name']>
}

type GivenActivities<P extends WorkflowParts> = keyof P['activities'] extends never
  ? { readonly activities?: Nothing }
  : { readonly activities: ActivityHandlers<P['activities']> }

type GivenGroups<P extends WorkflowParts> = P['groups'] extends readonly []
  ? { readonly groups?: readonly [] }
  : { readonly groups: GroupImplementations<P['groups']> }

/** What `implement` takes: a handler for each activity, an implementation for each group, and the body. */
export type WorkflowHandlers<Types extends MethodTypes, P extends WorkflowParts> = GivenActivities<P> &
  GivenGroups<P> & {
    /** Orchestrates. It runs again after a crash, so all that it does to the world it does through `ctx`. */
    readonly run: (ctx: RunContext<Types, P>, input: Types['parsed']) => MaybePromise<Types['returned']>
  }

/** A contract with its body and activities: what a runner registers. */
export interface WorkflowImplementation<
  Types extends MethodTypes = MethodTypes,
  P extends WorkflowParts = WorkflowParts,
> extends Installable<WorkflowClient<Types, P>> {
  readonly kind: 'workflowImplementation'
  readonly contract: AnyWorkflow
  /** What the engine runs. */
  readonly program: WorkflowProgram
  /**
   * The same, for tests: the body runs again from its start after every step, so that code which does not do the same each time
   * is found at once.
   */
  alwaysReplay(): WorkflowImplementation<Types, P>
}

/** An implementation whose handlers still need something. */
export interface WorkflowFactory<Types extends MethodTypes, P extends WorkflowParts, Deps> {
  readonly kind: 'workflowFactory'
  readonly contract: AnyWorkflow
  /** Makes the handlers, once: ready to be registered. */
  with(deps: Deps): WorkflowImplementation<Types, P>
}

interface RawHandlers {
  readonly activities?: RawActivityHandlers
  readonly groups?: readonly ActivityGroupImplementation[]
  readonly run: (ctx: never, input: unknown) => unknown
}

/** What `implement` of a contract needs besides it. */
export interface Implementing {
  readonly contract: AnyWorkflow
  /** The entity that executes it. */
  readonly execution: ExecutionContract
  readonly limits: JournalLimits
  /** Installs the program in a runner, and returns the client. */
  readonly install: (host: RunnerHost, program: WorkflowProgram) => unknown
}

/** Builds what `Contract.implement` returns from what it was given; the types were checked there. */
export function workflowImplementation(implementing: Implementing, given: unknown): unknown {
  const { contract, install } = implementing
  const ready = (program: WorkflowProgram): unknown =>
    Object.freeze({
      kind: 'workflowImplementation',
      contract,
      program,
      install: (host: RunnerHost) => install(host, program),
      alwaysReplay: () => ready({ ...program, alwaysReplay: true }),
    })
  if (typeof given !== 'function') return ready(workflowProgram(implementing, given))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- typed by the overloads of implement
  const factory = given as (deps: unknown) => unknown
  return Object.freeze({
    kind: 'workflowFactory',
    contract,
    with: (deps: unknown) => ready(workflowProgram(implementing, factory(deps))),
  })
}

function workflowProgram({ contract, execution, limits }: Implementing, given: unknown): WorkflowProgram {
  const { activities = {}, groups = [], run } = rawHandlers(given)
  if (typeof run !== 'function') {
    throw new ConfigError(`${contract.name} has no body. Pass it: implement({ …, async run(ctx, input) { … } }).`)
  }
  checkHandlers(contract.name, contract.activities, activities)
  const programs = [
    ...activityPrograms(contract, activities),
    ...contract.groups.flatMap((group) => activityPrograms(group, groupHandlers(contract, group, groups))),
  ]
  return Object.freeze({
    contract: execution,
    workflow: contract.name,
    version: contract.version,
    activities: new Map(programs.map((program) => [program.name, program])),
    run: (context: never, input: unknown) => run(context, input),
    output: contract.output,
    errors: contract.errors,
    retainMs: contract.settings.retentionMs,
    limits,
  })
}

function rawHandlers(given: unknown): Partial<RawHandlers> {
  return given ?? {}
}

function groupHandlers(
  contract: AnyWorkflow,
  group: AnyActivityGroup,
  given: readonly ActivityGroupImplementation[],
): RawActivityHandlers {
  const found = given.find((candidate) => candidate.contract === group)
  if (found !== undefined) return found.handlers
  throw new ConfigError(
    `${contract.name} uses the group ${group.name}, which has no implementation. Pass it: implement({ groups: [ … ], … }).`,
  )
}

function activityPrograms(
  { activities }: Pick<AnyWorkflow, 'activities'>,
  handlers: RawActivityHandlers,
): readonly ActivityProgram[] {
  return Object.entries(activities).flatMap(([name, method]) => {
    const handler = handlers[name]
    return handler === undefined ? [] : [Object.freeze({ name, method, handler })]
  })
}
