export type { Brand } from './address/brand.ts'
export type { EntityAddress, EntityKey } from './address/entity-address.ts'
export { entityKey } from './address/entity-address.ts'
export type { InstanceId, MachineId, RequestId, RunnerAddress } from './address/identifiers.ts'
export { instanceId, machineId, requestId, runnerAddress } from './address/identifiers.ts'
export type { Epoch, ShardId, ShardParts } from './address/shard-id.ts'
export { epoch, parseShardId, shardId } from './address/shard-id.ts'
export type {
  Calls,
  CallOptions,
  Due,
  EntityClient,
  Notifications,
  ScheduledMessage,
  Schedules,
  SendOptions,
} from './contract/client.ts'
export type { CallTarget, ClientPort, PortCallOptions, StopSignal } from './contract/client-port.ts'
export type { ClientFactory, ClientHost, HostServices, Connectable } from './contract/connectable.ts'
export type { DeclaredErrorClass, ErrorClasses, ErrorSpec, ErrorSpecs, NoErrors } from './contract/declared-error.ts'
export { DeclaredError, error, errorClasses, isDeclaredError } from './contract/declared-error.ts'
export type { DeepReadonly } from './contract/deep-readonly.ts'
export type {
  Branch,
  BranchValue,
  Checkpoint,
  ChildContract,
  Deferred,
  DeferredKey,
  DurableContext,
  DurableOperations,
  ExecutionRef,
  StepContext,
  StepOptions,
  WaitLimit,
} from './contract/durable-context.ts'
export type { Continuation, ContinuedWait } from './contract/continuation.ts'
export { isContinuation } from './contract/continuation.ts'
export type {
  AnyEntity,
  EntityContract,
  EntityNeighbour,
  EntityMethods,
  EntityOptions,
  EntitySettings,
  TraitMethods,
} from './contract/entity-contract.ts'
export { defineEntity } from './contract/entity-contract.ts'
export type {
  DeactivateReason,
  EntityHooks,
  EntityImplementation,
  HookContext,
  ImplementOptions,
} from './contract/entity-implementation.ts'
export type {
  ActivityContext,
  Handler,
  HandlerContext,
  HandlerLog,
  Handlers,
  ReadContext,
  RequestInfo,
  RpcContext,
  StreamContext,
  WorkflowMethodContext,
} from './contract/handlers.ts'
export type {
  ActivityOptions,
  AnyMethod,
  Method,
  MethodBuilder,
  MethodKind,
  MethodOptions,
  Methods,
  MethodTypes,
  PlainTypes,
  RecordedOptions,
  RpcOptions,
  SchemaTypes,
  Visibility,
  VoidSchema,
} from './contract/method.ts'
export { activity, rpc, stream, workflow } from './contract/method.ts'
export type { MethodEngine } from './contract/method-engine.ts'
export type { RetryOptions, RetryPolicy } from './contract/retry.ts'
export { retryPolicy } from './contract/retry.ts'
export type { InitialState, PersistedOptions, StateOption, StateSpec } from './contract/state.ts'
export { memory, persisted } from './contract/state.ts'
export type {
  AnyTrait,
  RawHandlers,
  TraitContract,
  TraitImplementation,
  TraitOptions,
} from './contract/trait-contract.ts'
export { defineTrait } from './contract/trait-contract.ts'
export { validate } from './contract/validate.ts'
export { canonicalOf, decode, encode, encodeCanonical } from './codec/codec.ts'
export type { FailedActivity } from './error/activity-failed.ts'
export { ActivityFailed } from './error/activity-failed.ts'
export { CallCycle } from './error/call-cycle.ts'
export { ClockDriftExceeded } from './error/clock-drift-exceeded.ts'
export { CodecError } from './error/codec-error.ts'
export { ConfigError } from './error/config-error.ts'
export type { CrusterErrorOptions, Outcome } from './error/cruster-error.ts'
export { CrusterError, isCrusterError } from './error/cruster-error.ts'
export { DeadLettered } from './error/dead-lettered.ts'
export { DeadlineExceeded } from './error/deadline-exceeded.ts'
export { Defect } from './error/defect.ts'
export { DiscoveryError } from './error/discovery-error.ts'
export { EntityNotFound } from './error/entity-not-found.ts'
export type { ErrorData } from './error/error-data.ts'
export { decodeError, encodeError } from './error/error-registry.ts'
export { ExecutionNotFound } from './error/execution-not-found.ts'
export { Fenced } from './error/fenced.ts'
export { IdempotencyConflict } from './error/idempotency-conflict.ts'
export { Interrupted } from './error/interrupted.ts'
export { JournalTooLarge } from './error/journal-too-large.ts'
export type { Crowd } from './error/mailbox-full.ts'
export { MailboxFull } from './error/mailbox-full.ts'
export { MethodNotFound } from './error/method-not-found.ts'
export type { Disagreement } from './error/non-determinism-error.ts'
export { NonDeterminismError } from './error/non-determinism-error.ts'
export { PayloadTooLarge } from './error/payload-too-large.ts'
export { RemoteError } from './error/remote-error.ts'
export { RunnerUnavailable } from './error/runner-unavailable.ts'
export { ShuttingDown } from './error/shutting-down.ts'
export { StateUnusable } from './error/state-unusable.ts'
export type { StorageErrorOptions, StorageFault } from './error/storage-error.ts'
export { StorageError } from './error/storage-error.ts'
export { unreachable } from './error/unreachable.ts'
export { ValidationError } from './error/validation-error.ts'
export { VersionNotRegistered } from './error/version-not-registered.ts'
export { WorkflowCancelled } from './error/workflow-cancelled.ts'
export { contentId, keyedRequestId, requestDigest } from './hash/digest.ts'
export type { HashVersion } from './hash/shard-hash.ts'
export { colocationHash, hashVersion, newestHashVersion, scoreHash, shardHash, shardIndex } from './hash/shard-hash.ts'
export type { Exit } from './message/exit.ts'
export { decodeAnswer, decodeExit, encodeExit, encodeSuccess, successLength } from './message/exit.ts'
export type { SnowflakeParts } from './snowflake/snowflake.ts'
export { parseSnowflake, SnowflakeGenerator } from './snowflake/snowflake.ts'
export type { ConsoleLoggerOptions } from './system/console-logger.ts'
export { createConsoleLogger } from './system/console-logger.ts'
export { noMetrics } from './system/no-metrics.ts'
export { noTracer } from './system/no-tracer.ts'
export { silentLogger } from './system/silent-logger.ts'
export { SystemClock } from './system/system-clock.ts'
export { SystemRandom } from './system/system-random.ts'
export type { Duration } from './time/duration.ts'
export { formatDuration, parseDuration } from './time/duration.ts'
