import type { MachineId, ShardId } from '@cruster/core'
import type { AcquireResult, Membership, RunnerInfo } from '@cruster/core/ports'
import { EtcdLease } from '../lease/etcd-lease.ts'
import type { Registered, Registry } from './registration.ts'
import { register } from './registration.ts'
import { RunnerEntry } from './runner-entry.ts'
import { ShardLocks } from './shard-locks.ts'

/** One runner's place in the cluster: a lease in etcd, and the keys on it. */
export class EtcdMembership implements Membership {
  readonly machineId: MachineId
  readonly #lease: EtcdLease
  readonly #entry: RunnerEntry
  readonly #locks: ShardLocks

  private constructor(registry: Registry, lease: EtcdLease, entry: Registered & { readonly runner: RunnerInfo }) {
    this.machineId = entry.machineId
    this.#lease = lease
    this.#entry = new RunnerEntry(registry, lease, entry)
    this.#locks = new ShardLocks(registry, lease, entry.runner.address)
  }

  /** @throws DiscoveryError when a live runner has the same address, or no machine id is free. */
  static async join(registry: Registry, leaseTtlS: number, runner: RunnerInfo): Promise<EtcdMembership> {
    const owner = `runner ${runner.instanceId} at ${runner.address}`
    const lease = await EtcdLease.grant(registry.link, leaseTtlS, owner)
    try {
      return new EtcdMembership(registry, lease, { ...(await register(registry, lease, runner)), runner })
    } catch (error) {
      await lease[Symbol.asyncDispose]()
      throw error
    }
  }

  get lost(): AbortSignal {
    return this.#lease.lost
  }

  leaseDeadline(): number {
    return this.#lease.deadline
  }

  async update(info: RunnerInfo): Promise<void> {
    this.#lease.check()
    await this.#entry.update(info)
  }

  async acquire(shards: readonly ShardId[]): Promise<readonly AcquireResult[]> {
    this.#lease.check()
    const results = await this.#locks.acquire(shards)
    // What was granted to a lease that ended meanwhile is nobody's.
    this.#lease.check()
    return results
  }

  async release(shards: readonly ShardId[]): Promise<void> {
    this.#lease.check()
    await this.#locks.release(shards)
  }

  /** Leaves, with all locks, in one call to etcd. Takes two seconds at most, also when etcd cannot be reached. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lease[Symbol.asyncDispose]()
  }
}
