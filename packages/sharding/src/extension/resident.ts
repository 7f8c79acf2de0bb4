import type { CallTarget, ClientHost, ShardId } from '@cruster/core'
import type { Fence, Logger, NewMessage, Operation, StorageTransaction, UnitResult } from '@cruster/core/ports'
import type { PlacementSettings } from '../placement/shard-of.ts'
import type { Services } from '../runner/services.ts'
import type { MessageOptions } from './native-entity.ts'

/**
 * Something that runs on whoever owns a shard.
 *
 * Promises of the runtime: R1 it is started after the claim of the shard, once per claim. R2 the shard's lock is given
 * back only after its drain has ended, or after the termination timeout, when its signal was aborted. R3 accepted writes
 * of two starts never overlap: after another owner's claim, units of the former are refused.
 */
export interface ShardResident {
  /** Unique in a runner. */
  readonly name: string
  /** The shard that it belongs to; see `shardOfKey`. Runners host the shard's group when they are told no groups. */
  shard(placement: PlacementSettings): ShardId
  /** The shard is this runner's now. Throws nothing; what it starts runs by itself. */
  start(scope: ResidentScope): RunningResident
}

/** A resident at one owner. */
export interface RunningResident {
  /** The shard is to be given up: come to rest. The runtime waits for it as long as for handlers. */
  drain(): Promise<void>
  /** Nothing can take effect any more: the shard was lost, or the drain has lasted too long. */
  abandon(): void
}

/** What the runtime offers to a resident, under one ownership. */
export interface ResidentScope {
  readonly fence: Fence
  readonly services: Services
  readonly log: Logger
  /** Aborts when nothing can take effect any more, before `abandon` is called. */
  readonly signal: AbortSignal
  /**
   * Commits one fenced unit; messages in it are announced. `fenced` makes the shard give itself up. Rejects with
   * RunnerUnavailable when it is over (nothing was committed), with StorageError when it is unknown what is stored.
   */
  commit(operations: readonly Operation[]): Promise<UnitResult>
  /** A fenced transaction for user SQL. Its commit does what {@link commit} does. */
  begin(signal: AbortSignal): Promise<StorageTransaction>
  /** Whether the shard is certainly this runner's at this moment. Nothing with effects outside may begin when not. */
  mayExecute(): boolean
  /** A one-way message, for a unit of one's own. @throws like a call that cannot be sent. */
  message(target: CallTarget, input: unknown, options?: MessageOptions): NewMessage
  /** Makes clients of others; protected methods of entities too. */
  readonly clients: ClientHost
}
