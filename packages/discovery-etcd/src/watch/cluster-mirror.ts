import type { InstanceId, RunnerAddress, ShardId } from '@cruster/core'
import { epoch, instanceId } from '@cruster/core'
import type { DiscoveryEvent, RunnerInfo, ShardLock } from '@cruster/core/ports'
import type { IEvent, IKeyValue } from 'etcd3'
import type { KeySpace } from '../registry/key-space.ts'
import { parseRunner } from '../registry/runner-record.ts'

/**
 * What a watch knows of the registry: it turns changes of keys into changes of the cluster. No I/O.
 *
 * A deletion names only the key; who left, or which epoch ended, is known from here.
 */
export class ClusterMirror {
  readonly #keys: KeySpace
  readonly #runners = new Map<RunnerAddress, RunnerInfo>()
  readonly #locks = new Map<ShardId, ShardLock>()
  /** A lock's holder: lock and runner are on the same lease, and the runner comes first. */
  readonly #holders = new Map<string, InstanceId>()
  readonly #leases = new Map<RunnerAddress, string>()

  constructor(keys: KeySpace) {
    this.#keys = keys
  }

  /** Forgets everything for what is there now. */
  reset(kvs: readonly IKeyValue[]): DiscoveryEvent {
    for (const known of [this.#runners, this.#locks, this.#holders, this.#leases]) known.clear()
    // `runners/` sorts before `shards/`, so holders are known before their locks.
    for (const kv of kvs) this.#put(kv)
    return { kind: 'snapshot', runners: [...this.#runners.values()], locks: [...this.#locks.values()] }
  }

  apply(changes: readonly IEvent[]): readonly DiscoveryEvent[] {
    return changes.flatMap(({ type, kv }) => (isDeletion(type) ? this.#delete(kv.key) : this.#put(kv)))
  }

  #put(kv: IKeyValue): readonly DiscoveryEvent[] {
    const meaning = this.#keys.meaning(kv.key)
    if (meaning === undefined) return []
    return meaning.kind === 'runner' ? this.#putRunner(meaning.address, kv) : this.#putLock(meaning.shard, kv)
  }

  #putRunner(address: RunnerAddress, { lease, value }: IKeyValue): readonly DiscoveryEvent[] {
    const runner = parseRunner(value)?.runner
    if (runner === undefined) return []
    this.#runners.set(address, runner)
    this.#leases.set(address, lease)
    this.#holders.set(lease, runner.instanceId)
    return [{ kind: 'runnerChanged', runner }]
  }

  #putLock(shard: ShardId, kv: IKeyValue): readonly DiscoveryEvent[] {
    const holder = this.#holders.get(kv.lease) ?? instanceId(kv.value.toString())
    const lock: ShardLock = { shard, instanceId: holder, epoch: epoch(Number(kv.create_revision)) }
    this.#locks.set(shard, lock)
    return [{ kind: 'shardLocked', lock }]
  }

  #delete(key: Buffer): readonly DiscoveryEvent[] {
    const meaning = this.#keys.meaning(key)
    if (meaning === undefined) return []
    return meaning.kind === 'runner' ? this.#deleteRunner(meaning.address) : this.#deleteLock(meaning.shard)
  }

  #deleteRunner(address: RunnerAddress): readonly DiscoveryEvent[] {
    const runner = this.#runners.get(address)
    this.#runners.delete(address)
    this.#holders.delete(this.#leases.get(address) ?? '')
    this.#leases.delete(address)
    return runner === undefined ? [] : [{ kind: 'runnerLeft', instanceId: runner.instanceId }]
  }

  #deleteLock(shard: ShardId): readonly DiscoveryEvent[] {
    const lock = this.#locks.get(shard)
    this.#locks.delete(shard)
    return lock === undefined ? [] : [{ kind: 'shardUnlocked', shard, epoch: lock.epoch }]
  }
}

/** The client says `DELETE`, whatever its types say. */
function isDeletion(type: string): boolean {
  return type.toUpperCase() === 'DELETE'
}
