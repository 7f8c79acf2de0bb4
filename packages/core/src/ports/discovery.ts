import type { InstanceId, MachineId, RunnerAddress } from '../address/identifiers.ts'
import type { Epoch, ShardId } from '../address/shard-id.ts'

/** `joining`: not yet ready. `active`: takes shards. `draining`: gives them away, takes none, still answers. */
export type RunnerState = 'joining' | 'active' | 'draining'

/** What a runner tells about itself. */
export interface RunnerInfo {
  readonly instanceId: InstanceId
  readonly address: RunnerAddress
  /** Share of the shards relative to others. Whole number; 0 takes none. */
  readonly weight: number
  readonly zone?: string | undefined
  /** Shard groups it hosts. */
  readonly groups: readonly string[]
  /** Entity types it has registered. */
  readonly entityTypes: readonly string[]
  readonly state: RunnerState
}

/** Who holds a shard's lock, and with which epoch. */
export interface ShardLock {
  readonly shard: ShardId
  readonly instanceId: InstanceId
  readonly epoch: Epoch
}

/** One change in the cluster. */
export type DiscoveryEvent =
  /** The whole truth at one moment; replaces what was known. The first event of a watch, and after an interruption. */
  | { readonly kind: 'snapshot'; readonly runners: readonly RunnerInfo[]; readonly locks: readonly ShardLock[] }
  | { readonly kind: 'runnerChanged'; readonly runner: RunnerInfo }
  | { readonly kind: 'runnerLeft'; readonly instanceId: InstanceId }
  | { readonly kind: 'shardLocked'; readonly lock: ShardLock }
  | { readonly kind: 'shardUnlocked'; readonly shard: ShardId; readonly epoch: Epoch }

/** Settings on which all members must agree: with others, ids would hash elsewhere. Plain JSON values. */
export type ClusterSettings = Readonly<Record<string, string | number>>

/** `agreed`, or the first setting that differs and the cluster's value of it. */
export type SettingsResult =
  | { readonly kind: 'agreed' }
  | { readonly kind: 'differs'; readonly setting: string; readonly cluster: string | number | undefined }

/** `acquired` with a fresh epoch, also when this membership held it already (then with the epoch it has); or `held`. */
export type AcquireResult =
  | { readonly kind: 'acquired'; readonly shard: ShardId; readonly epoch: Epoch }
  | { readonly kind: 'held'; readonly shard: ShardId; readonly by: InstanceId }

/** One runner's place in the cluster, on a lease that the adapter keeps alive. */
export interface Membership extends AsyncDisposable {
  readonly machineId: MachineId
  /** Aborts when the lease is known to be lost. The membership is over then: join again for a new one. */
  readonly lost: AbortSignal
  /** Until when, on the monotonic clock, the lease is certain to be held. Nothing may be executed after it. */
  leaseDeadline(): number
  /** Publishes a changed info of the same instance. */
  update(info: RunnerInfo): Promise<void>
  acquire(shards: readonly ShardId[]): Promise<readonly AcquireResult[]>
  /** Gives locks back. Ones that are not held are ignored. */
  release(shards: readonly ShardId[]): Promise<void>
}

/**
 * Who is in the cluster and who holds which shard's lock.
 *
 * Laws, each checked by `discoveryLaws` in `@cruster/testing`:
 *
 * - DS1 A watch starts with a snapshot, then reports every later change, in order.
 * - DS2 A shard's lock is held by at most one live membership.
 * - DS3 Each acquisition of a free shard gets an epoch larger than all before it on that shard.
 * - DS4 Acquiring what this membership already holds returns the same epoch.
 * - DS5 Released locks, and all of a membership that is disposed or lost, become free, and watchers are told.
 * - DS6 No two live memberships share a machine id, and none shares an address: the second join is refused.
 * - DS7 A membership whose lease cannot be renewed aborts `lost`; its lease deadline has passed before others acquire.
 * - DS8 The first settings proposed are the cluster's; the same agree, others are told what differs.
 * - DS9 `update` changes what watchers see and keeps all locks.
 *
 * Methods reject only with `DiscoveryError`.
 */
export interface Discovery extends AsyncDisposable {
  readonly name: string
  /** Proposes settings; the first proposal ever made wins. */
  agree(settings: ClusterSettings): Promise<SettingsResult>
  /** Registers a runner on a fresh lease. Rejects when a live one has the same address. */
  join(info: RunnerInfo): Promise<Membership>
  /** Changes from now on, in batches; ends when the signal aborts. */
  watch(signal: AbortSignal): AsyncIterable<readonly DiscoveryEvent[]>
}
