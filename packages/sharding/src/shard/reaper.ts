import type { Timer } from '@cruster/core/ports'
import type { LiveEntity } from '../entity/live-entity.ts'
import type { Services } from '../runner/services.ts'
import type { ShardTable } from './shard-table.ts'

/** An entity leaves memory at most this much of its `maxIdleTime` late, within these bounds. */
const lateness = 0.1
const soonestMs = 100
const latestMs = 5_000

/** Evicts entities that were idle for long enough, and the longest idle ones when there are too many in memory. */
export class Reaper implements Disposable {
  readonly #services: Services
  readonly #table: ShardTable
  #timer: Timer | undefined
  #stopped = false

  constructor(services: Services, table: ShardTable) {
    this.#services = services
    this.#table = table
    this.#arm(services.config.maxIdleMs)
  }

  /** Looks at least as often as entities with this idle time need it. */
  watch(maxIdleMs: number): void {
    this.#arm(Math.min(maxIdleMs, this.#shortestIdleMs))
  }

  [Symbol.dispose](): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #shortestIdleMs = Infinity

  #arm(idleMs: number): void {
    this.#shortestIdleMs = idleMs
    this.#timer?.cancel()
    const periodMs = Math.min(Math.max(idleMs * lateness, soonestMs), latestMs)
    this.#timer = this.#services.clock.setTimer(periodMs, () => {
      if (this.#stopped) return
      this.#reap()
      this.#measure()
      this.#arm(idleMs)
    })
  }

  #measure(): void {
    const { metrics } = this.#services
    metrics.gauge('cruster_shards', this.#table.shards.size)
    metrics.gauge('cruster_entities', this.#table.entityCount)
    let pending = 0
    for (const shard of this.#table.shards.values()) pending += shard.inbox.size
    metrics.gauge('cruster_stored_messages_held', pending)
    metrics.gauge('cruster_oldest_due_message_ms', this.#table.oldestDueMs())
  }

  #reap(): void {
    const now = this.#services.clock.monotonic()
    const quiet = [...this.#table.shards.values()].flatMap((shard) => shard.entities.quiet(now))
    const tooMany = Math.max(0, this.#table.entityCount - this.#services.config.maxResidentEntities)
    const longestFirst = tooMany > 0 ? quiet.toSorted((a, b) => b.quietMs - a.quietMs) : quiet
    for (const [index, { instance, quietMs }] of longestFirst.entries()) {
      if (index < tooMany || quietMs >= instance.entity.maxIdleMs) void this.#evict(instance)
    }
  }

  async #evict(instance: LiveEntity): Promise<void> {
    await instance.evict()
  }
}
