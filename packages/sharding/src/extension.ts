export type { ClientHost, ClientPort, CallTarget, HostServices, Connectable } from '@cruster/core'
export type { HiddenEntity, HiddenEntityOptions } from './extension/hidden-entity.ts'
export { hiddenEntity } from './extension/hidden-entity.ts'
export type { Installable, Registrable, RunnerHost } from './extension/installable.ts'
export type {
  ClientOptions,
  EntityScope,
  HeldState,
  MessageOptions,
  ConcludeOptions,
  NativeCall,
  NativeEntity,
  NativeHandler,
  NativeInstance,
} from './extension/native-entity.ts'
export { concluded } from './extension/native-entity.ts'
export { Postponed } from './extension/postponed.ts'
export type { ResidentScope, RunningResident, ShardResident } from './extension/resident.ts'
export { createEntityClient } from './client/entity-client.ts'
export { handlerLog } from './entity/handler-log.ts'
export { LazyTransaction } from './entity/lazy-transaction.ts'
export { Outbox } from './entity/outbox.ts'
export type { PlacementSettings } from './placement/shard-of.ts'
export { addressOf, shardOfKey } from './placement/shard-of.ts'
export type { RunnerConfig } from './runner/runner-config.ts'
export type { Services } from './runner/services.ts'
export { sleep } from './time/sleep.ts'
export { TurnoverSet } from './turnover/turnover-set.ts'
