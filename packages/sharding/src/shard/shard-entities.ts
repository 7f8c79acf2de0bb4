import type { DeactivateReason, EntityAddress, EntityKey } from '@cruster/core'
import { Interrupted, RunnerUnavailable, entityKey } from '@cruster/core'
import type { EntityHost } from '../entity/entity-host.ts'
import { EntityInstance } from '../entity/entity-instance.ts'
import type { LiveEntity } from '../entity/live-entity.ts'
import { NativeLife } from '../native/native-life.ts'
import type { Job } from '../entity/job.ts'
import type { AnyRegistered } from '../entity/registered-entity.ts'
import { within } from '../time/within.ts'
import { TurnoverMap } from '../turnover/turnover-map.ts'

interface Crash {
  readonly count: number
  readonly at: number
}

/** An entity that nothing happens in, with how long that is so. */
export interface Quiet {
  readonly instance: LiveEntity
  readonly quietMs: number
}

const nothing: readonly Quiet[] = []

/** The entities of one shard that are in memory. */
export class ShardEntities {
  readonly #host: EntityHost
  readonly #instances = new TurnoverMap<EntityKey, LiveEntity>()
  readonly #crashes = new Map<EntityKey, Crash>()
  #closed = false

  constructor(host: EntityHost) {
    this.#host = host
  }

  get size(): number {
    return this.#instances.size
  }

  /** The entity in memory; brought there if it is not. Concurrent first calls get the same one. */
  get(entity: AnyRegistered, address: EntityAddress): LiveEntity {
    const key = entityKey(address)
    const known = this.#instances.get(key)
    if (known !== undefined && known.phase !== 'gone') return known
    const instance = this.#bring(entity, address)
    this.#instances.set(key, instance)
    return instance
  }

  #bring(entity: AnyRegistered, address: EntityAddress): LiveEntity {
    const host = this.#host
    if (entity.kind === 'native') return new NativeLife({ entity, address, host })
    const crashes = this.#crashes.get(entityKey(address))?.count ?? 0
    return new EntityInstance({ entity, address, host, crashes })
  }

  /** An entity has left memory. Jobs that came meanwhile go to its next life. */
  removed(instance: LiveEntity, waiting: readonly Job[], crashes: number): void {
    const key = entityKey(instance.address)
    if (this.#instances.get(key) === instance) this.#instances.delete(key)
    if (crashes > 0) this.#crashes.set(key, { count: crashes, at: this.#host.services.clock.monotonic() })
    else this.#crashes.delete(key)
    for (const job of waiting) {
      if (this.#closed) job.end({ kind: 'notMine' })
      else this.get(instance.entity, instance.address).offer(job)
    }
  }

  /** True when the entity was in memory. */
  interrupt(address: EntityAddress): boolean {
    const instance = this.#instances.get(entityKey(address))
    instance?.interrupt(new Interrupted(entityKey(address), { outcome: 'unknown' }))
    return instance !== undefined
  }

  /** Entities that nothing happens in, with how long that is so. */
  quiet(now: number): readonly Quiet[] {
    this.#forgetOldCrashes(now)
    // Most shards have none, and there are hundreds.
    if (this.#instances.size === 0) return nothing
    return [...this.#instances.values()]
      .map((instance) => ({ instance, quietMs: instance.quietMs(now) }))
      .filter(({ quietMs }) => quietMs > 0)
  }

  /** Lets what runs end, all at once, within the termination timeout; then aborts it. Resolves when nothing is left. */
  async drain(reason: DeactivateReason): Promise<void> {
    this.#closed = true
    const { clock, config } = this.#host.services
    const instances = [...this.#instances.values()]
    const drained = Promise.all(instances.map((instance) => instance.drain(reason)))
    if (await within(clock, config.terminationTimeoutMs, drained)) return
    const moved = new RunnerUnavailable('the former owner', { outcome: 'unknown' })
    for (const instance of instances) instance.abort(moved)
    await drained
  }

  abandon(): void {
    this.#closed = true
    const lost = new RunnerUnavailable('the former owner', { outcome: 'unknown' })
    for (const instance of this.#instances.values()) instance.abandon(lost)
    this.#instances.clear()
  }

  /** A crash that is long ago does not slow the next activation down. */
  #forgetOldCrashes(now: number): void {
    if (this.#crashes.size === 0) return
    const { maxBackoffMs } = this.#host.services.config
    for (const [key, { at }] of this.#crashes) if (now - at > 2 * maxBackoffMs) this.#crashes.delete(key)
  }
}
