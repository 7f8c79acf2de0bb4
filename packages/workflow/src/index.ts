export type { ChildClient, ChildOptions, ChildRun, ChildStarter } from './client/child-client.ts'
export { ExecutionHandle } from './client/execution-handle.ts'
export type {
  ExecutionFilter,
  ExecutionPage,
  ListedExecution,
  PageOptions,
  RunsFilter,
} from './client/execution-list.ts'
export type { History } from './client/history.ts'
export type { MakesClients } from './client/resolve-deferred.ts'
export { rejectDeferred, resolveDeferred } from './client/resolve-deferred.ts'
export type { BulkOptions, BulkResult, RunRef, RunsClient } from './client/runs.ts'
export { runs } from './client/runs.ts'
export type { ResultOptions, StartOptions, WorkflowClient, WorkflowStarter } from './client/workflow-client.ts'
export type {
  ForkOptions,
  Polled,
  Resolution,
  RestartOptions,
  SignalOptions,
  WorkflowRun,
} from './client/workflow-run.ts'
export type {
  ActivityGroupContract,
  ActivityGroupFactory,
  ActivityGroupImplementation,
  ActivityGroupOptions,
  AnyActivityGroup,
} from './contract/activity-group.ts'
export { defineActivityGroup } from './contract/activity-group.ts'
export type { Activities, ActivityHandler, ActivityHandlers, AnyActivity } from './contract/activity-handlers.ts'
export { deferredKey } from './contract/deferred-key.ts'
export type { Queries, Query } from './contract/query.ts'
export { query } from './contract/query.ts'
export type { Signal, Signals } from './contract/signal.ts'
export { signal } from './contract/signal.ts'
export { typed } from './contract/typed.ts'
export type { ActivityCalls, RunContext, WorkflowContext } from './contract/workflow-context.ts'
export type {
  AnyWorkflow,
  Parts,
  WorkflowContract,
  WorkflowOptions,
  WorkflowSettings,
} from './contract/workflow-contract.ts'
export type { WorkflowFactory, WorkflowHandlers, WorkflowImplementation } from './contract/workflow-implementation.ts'
export type { Nothing, WorkflowParts } from './contract/workflow-types.ts'
export { defineWorkflow } from './define-workflow.ts'
export { workflow } from './workflow-method.ts'
export type { JournalLimits } from './engine/workflow-program.ts'
export type { ExecutionStatus, RunStatus } from './protocol/inspection.ts'
export type { Replayable, Replayed } from './replay-history.ts'
export { replay } from './replay-history.ts'
