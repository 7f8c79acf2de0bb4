import type { Epoch, InstanceId, RunnerAddress, ShardId } from '@cruster/core'
import { epoch, instanceId } from '@cruster/core'
import type { AcquireResult } from '@cruster/core/ports'
import type { ICompare, IKeyValue, IRequestOp, IResponseOp } from 'etcd3'
import type { EtcdLease } from '../lease/etcd-lease.ts'
import { isAbsent, isCreatedAt, isOnLease } from '../registry/comparison.ts'
import { parseRunner } from '../registry/runner-record.ts'
import { inChunks } from './in-chunks.ts'
import type { Registry } from './registration.ts'

/** A lock as it was found: created by this very call, or there before. */
type Found =
  | { readonly kind: 'created'; readonly shard: ShardId; readonly epoch: Epoch }
  | { readonly kind: 'existed'; readonly shard: ShardId; readonly lock: IKeyValue }

/**
 * The locks of one membership: keys on its lease. The revision of etcd at which such a key was created is the epoch of the
 * lock; revisions only grow, so every lock has a larger epoch than all before it on the same shard.
 */
export class ShardLocks {
  readonly #registry: Registry
  readonly #lease: EtcdLease
  readonly #address: RunnerAddress
  /** Epochs of the locks that this membership knows to hold. */
  readonly #epochs = new Map<ShardId, Epoch>()

  constructor(registry: Registry, lease: EtcdLease, address: RunnerAddress) {
    this.#registry = registry
    this.#lease = lease
    this.#address = address
  }

  /** In the order of the shards. After a rejection some may be held; asking again tells, with the epochs they have. */
  async acquire(shards: readonly ShardId[]): Promise<readonly AcquireResult[]> {
    const results = await inChunks([...new Set(shards)], (chunk) => this.#acquireChunk(chunk))
    const byShard = new Map(results.map((result) => [result.shard, result]))
    return shards.flatMap((shard) => byShard.get(shard) ?? [])
  }

  async release(shards: readonly ShardId[]): Promise<void> {
    await inChunks([...new Set(shards)], async (chunk) => {
      await this.#releaseChunk(chunk)
      for (const shard of chunk) this.#epochs.delete(shard)
      return []
    })
  }

  /** All of them, if they are what is known of them, as nearly always; else each as it is. */
  async #releaseChunk(shards: readonly ShardId[]): Promise<void> {
    const { link, keys } = this.#registry
    const areKnown = shards.map((shard) => this.#isKnown(shard))
    const deleted = shards.map((shard) => ({ request_delete_range: { key: keys.shard(shard) } }))
    const { succeeded } = await link.transact('releasing shards', { compare: areKnown, success: deleted })
    if (!succeeded) await link.transact('releasing shards', { success: shards.map((shard) => this.#unlock(shard)) })
  }

  /** All of them, if they are free, as nearly always: a hundred questions of their own take twice the time, here and in etcd. */
  async #acquireChunk(shards: readonly ShardId[]): Promise<readonly AcquireResult[]> {
    const { link, keys } = this.#registry
    const areFree = shards.map((shard) => isAbsent(keys.shard(shard)))
    const locked = shards.map((shard) => this.#put(shard))
    const answer = await this.#lease.watched(link.transact('acquiring shards', { compare: areFree, success: locked }))
    if (!answer.succeeded) return this.#acquireEach(shards)
    const its = epoch(Number(answer.header.revision))
    return shards.map((shard) => this.#result({ kind: 'created', shard, epoch: its }, new Map()))
  }

  async #acquireEach(shards: readonly ShardId[]): Promise<readonly AcquireResult[]> {
    const request = { success: shards.map((shard) => this.#lock(shard)) }
    const { header, responses } = await this.#lease.watched(this.#registry.link.transact('acquiring shards', request))
    const found = shards.map((shard, index) => foundLock(shard, responses[index], header.revision))
    const areForeign = found.some((each) => each.kind === 'existed' && each.lock.lease !== this.#lease.id)
    const holders = areForeign ? await this.#holders(header.revision) : new Map<string, InstanceId>()
    return found.map((each) => this.#result(each, holders))
  }

  #result(found: Found, holders: ReadonlyMap<string, InstanceId>): AcquireResult {
    const { shard } = found
    if (found.kind === 'existed' && found.lock.lease !== this.#lease.id) {
      // Without a runner on its lease it is no lock of ours, but whoever put it there holds it: its value is all we know.
      const by = holders.get(found.lock.lease) ?? instanceId(found.lock.value.toString())
      return { kind: 'held', shard, by }
    }
    const its = found.kind === 'created' ? found.epoch : epoch(Number(found.lock.create_revision))
    this.#epochs.set(shard, its)
    return { kind: 'acquired', shard, epoch: its }
  }

  /** Who holds which lease, at a revision that has just been seen. */
  async #holders(revision: string): Promise<ReadonlyMap<string, InstanceId>> {
    const { link, keys } = this.#registry
    const { kvs } = await link.range('asking who holds shards', { ...keys.runners, revision })
    const records = kvs.map(({ lease, value }) => [lease, parseRunner(value)?.runner.instanceId] as const)
    return new Map(records.flatMap(([lease, holder]) => (holder === undefined ? [] : [[lease, holder]])))
  }

  #lock(shard: ShardId): IRequestOp {
    const key = this.#registry.keys.shard(shard)
    return {
      request_txn: {
        compare: [isAbsent(key)],
        success: [this.#put(shard)],
        failure: [{ request_range: { key } }],
      },
    }
  }

  #put(shard: ShardId): IRequestOp {
    const key = this.#registry.keys.shard(shard)
    return { request_put: { key, value: Buffer.from(this.#address), lease: this.#lease.id } }
  }

  /** A key keeps the revision at which it was created until it is deleted, and nobody writes to the lock of another. */
  #isKnown(shard: ShardId): ICompare {
    const key = this.#registry.keys.shard(shard)
    const known = this.#epochs.get(shard)
    return known === undefined ? isOnLease(key, this.#lease.id) : isCreatedAt(key, known)
  }

  /** Of a lock with a known epoch that one alone, so that a release that comes late cannot undo a newer acquisition. */
  #unlock(shard: ShardId): IRequestOp {
    const key = this.#registry.keys.shard(shard)
    const known = this.#epochs.get(shard)
    const isMine = isOnLease(key, this.#lease.id)
    return {
      request_txn: {
        compare: known === undefined ? [isMine] : [isMine, isCreatedAt(key, known)],
        success: [{ request_delete_range: { key } }],
      },
    }
  }
}

function foundLock(shard: ShardId, answer: IResponseOp | undefined, revision: string): Found {
  const [lock] =
    answer?.response_txn.succeeded === false ? (answer.response_txn.responses[0]?.response_range.kvs ?? []) : []
  return lock === undefined
    ? { kind: 'created', shard, epoch: epoch(Number(revision)) }
    : { kind: 'existed', shard, lock }
}
