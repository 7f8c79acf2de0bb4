import type { InstanceId, MachineId } from '../address/identifiers.ts'
import { machineId } from '../address/identifiers.ts'
import type { Epoch, ShardId } from '../address/shard-id.ts'
import { epoch } from '../address/shard-id.ts'
import { DiscoveryError } from '../error/discovery-error.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type {
  AcquireResult,
  ClusterSettings,
  DiscoveryEvent,
  RunnerInfo,
  SettingsResult,
  ShardLock,
} from '../ports/discovery.ts'

const machineIds = 1024

/** How a {@link MemoryCluster} is made. */
export interface MemoryClusterOptions {
  readonly clock: Clock
  /** How long a runner that cannot renew its lease is still counted as live. Default 10 s. */
  readonly leaseTtlMs?: number
  /** Epochs given out are larger than this. Default 0; a registry that comes after another goes on from its last one. */
  readonly afterEpoch?: number
  /** Settings that were agreed on before. */
  readonly settings?: ClusterSettings | undefined
}

/** A runner's place in the registry. It holds as long as it is renewed. */
export interface Lease {
  info: RunnerInfo
  readonly machineId: MachineId
  expiry: Timer | undefined
}

type Listener = (events: readonly DiscoveryEvent[]) => void

/**
 * The registry of a cluster, in memory: what etcd is to a real one. Never out of reach itself; each runner's way to it is a
 * `MemoryDiscovery`, which can be cut.
 */
export class MemoryCluster {
  readonly clock: Clock
  readonly leaseTtlMs: number
  readonly #afterEpoch: number
  readonly #leases = new Map<InstanceId, Lease>()
  readonly #locks = new Map<ShardId, ShardLock>()
  readonly #lastEpochs = new Map<ShardId, Epoch>()
  readonly #listeners = new Set<Listener>()
  #settings: ClusterSettings | undefined
  #nextMachineId = 0

  constructor(options: MemoryClusterOptions) {
    this.clock = options.clock
    this.leaseTtlMs = options.leaseTtlMs ?? 10_000
    this.#afterEpoch = options.afterEpoch ?? 0
    this.#settings = options.settings
  }

  /** Live runners and held locks at this moment. */
  snapshot(): DiscoveryEvent & { readonly kind: 'snapshot' } {
    const runners = [...this.#leases.values()].map(({ info }) => info)
    return { kind: 'snapshot', runners, locks: [...this.#locks.values()] }
  }

  agree(settings: ClusterSettings): SettingsResult {
    const cluster = (this.#settings ??= settings)
    const names = new Set([...Object.keys(cluster), ...Object.keys(settings)])
    const setting = [...names].find((name) => cluster[name] !== settings[name])
    return setting === undefined ? { kind: 'agreed' } : { kind: 'differs', setting, cluster: cluster[setting] }
  }

  /** The lease runs from its first renewal. */
  join(info: RunnerInfo): Lease {
    this.#checkUnique(info)
    const lease: Lease = { info, machineId: this.#freeMachineId(), expiry: undefined }
    this.#leases.set(info.instanceId, lease)
    this.#tell([{ kind: 'runnerChanged', runner: info }])
    return lease
  }

  isLive(lease: Lease): boolean {
    return this.#leases.get(lease.info.instanceId) === lease
  }

  /** Lets the lease run for its full time from now. */
  renew(lease: Lease): void {
    lease.expiry?.cancel()
    lease.expiry = this.clock.setTimer(this.leaseTtlMs, () => this.leave(lease))
  }

  update(lease: Lease, info: RunnerInfo): void {
    if (info.instanceId !== lease.info.instanceId) {
      throw new DiscoveryError(`${lease.info.instanceId} cannot publish the info of ${info.instanceId}. Join for that.`)
    }
    this.#checkUnique(info, lease)
    lease.info = info
    this.#tell([{ kind: 'runnerChanged', runner: info }])
  }

  acquire(lease: Lease, shards: readonly ShardId[]): readonly AcquireResult[] {
    return shards.map((shard) => this.#acquire(lease, shard))
  }

  release(lease: Lease, shards: readonly ShardId[]): void {
    const held = shards.filter((shard) => this.#locks.get(shard)?.instanceId === lease.info.instanceId)
    this.#tell(held.flatMap((shard) => this.#unlock(shard)))
  }

  leave(lease: Lease): void {
    if (!this.isLive(lease)) return
    const { instanceId } = lease.info
    lease.expiry?.cancel()
    this.#leases.delete(instanceId)
    const held = [...this.#locks.values()].filter((lock) => lock.instanceId === instanceId)
    this.#tell([...held.flatMap(({ shard }) => this.#unlock(shard)), { kind: 'runnerLeft', instanceId }])
  }

  /** Hears of every change from now on. Returns what ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #acquire(lease: Lease, shard: ShardId): AcquireResult {
    const { instanceId } = lease.info
    const held = this.#locks.get(shard)
    if (held?.instanceId === instanceId) return { kind: 'acquired', shard, epoch: held.epoch }
    if (held !== undefined) return { kind: 'held', shard, by: held.instanceId }
    const lock: ShardLock = { shard, instanceId, epoch: epoch((this.#lastEpochs.get(shard) ?? this.#afterEpoch) + 1) }
    this.#lastEpochs.set(shard, lock.epoch)
    this.#locks.set(shard, lock)
    this.#tell([{ kind: 'shardLocked', lock }])
    return { kind: 'acquired', shard, epoch: lock.epoch }
  }

  #unlock(shard: ShardId): readonly DiscoveryEvent[] {
    const lock = this.#locks.get(shard)
    this.#locks.delete(shard)
    return lock === undefined ? [] : [{ kind: 'shardUnlocked', shard, epoch: lock.epoch }]
  }

  #checkUnique(info: RunnerInfo, self?: Lease): void {
    for (const lease of this.#leases.values()) {
      if (lease === self) continue
      if (lease.info.address !== info.address && lease.info.instanceId !== info.instanceId) continue
      throw new DiscoveryError(
        `Runner ${lease.info.instanceId} is live at ${lease.info.address}, so ${info.instanceId} cannot join at ` +
          `${info.address}. Give each runner its own address, or wait until the lease of the former one has run out.`,
      )
    }
  }

  /** Ids go round, so that one that has just become free is used again as late as possible. */
  #freeMachineId(): MachineId {
    const taken = new Set<number>([...this.#leases.values()].map((lease) => lease.machineId))
    for (let tried = 0; tried < machineIds; tried += 1) {
      const id = (this.#nextMachineId + tried) % machineIds
      if (taken.has(id)) continue
      this.#nextMachineId = id + 1
      return machineId(id)
    }
    throw new DiscoveryError(`The cluster has ${machineIds} live runners, and no machine id is left for another.`)
  }

  #tell(events: readonly DiscoveryEvent[]): void {
    if (events.length === 0) return
    for (const listener of this.#listeners) listener(events)
  }
}
