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
export type { DeclaredErrorClass, ErrorClasses, ErrorSpec, ErrorSpecs } from './contract/declared-error.ts'
export { DeclaredError, error, isDeclaredError } from './contract/declared-error.ts'
export type { DeepReadonly } from './contract/deep-readonly.ts'
export type {
  AnyEntity,
  EntityContract,
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
  Handlers,
  ReadContext,
  RequestInfo,
  RpcContext,
  StreamContext,
} from './contract/handlers.ts'
export type {
  AnyMethod,
  Method,
  MethodBuilder,
  MethodKind,
  MethodOptions,
  Methods,
  MethodTypes,
  RecordedOptions,
  RpcOptions,
  Visibility,
} from './contract/method.ts'
export { activity, rpc, stream, workflow } from './contract/method.ts'
export type { InitialState, PersistedOptions, StateOption, StateSpec } from './contract/state.ts'
export { memory, persisted } from './contract/state.ts'
export type { AnyTrait, RawHandlers, TraitContract, TraitImplementation, TraitOptions } from './contract/trait-contract.ts'
export { defineTrait } from './contract/trait-contract.ts'
export { ConfigError } from './error/config-error.ts'
export type { CrusterErrorOptions, Outcome } from './error/cruster-error.ts'
export { CrusterError, isCrusterError } from './error/cruster-error.ts'
