import type { MessageHints, Timer } from '@cruster/core/ports'
import type { Services } from '../runner/services.ts'
import { within } from '../time/within.ts'
import type { ShardTable } from '../shard/shard-table.ts'

/** Rows that one round of pruning deletes at most. */
const pruneBatch = 1_000

/**
 * The safety net under the pushes, and the janitor. Each round asks, in one query for all owned shards, whether
 * messages were stored that nobody announced; now and then it looks for scheduled ones that have come near, and deletes
 * rows whose retention has passed.
 */
export class MessageSweep implements AsyncDisposable {
  readonly #services: Services
  readonly #table: ShardTable
  #timer: Timer | undefined
  #round: Promise<void> = Promise.resolve()
  readonly #listening = new AbortController()
  readonly #following: Promise<void>
  #nextScheduled: number
  #endedAt: number
  #succeededAt: number
  #stopped = false

  constructor(services: Services, table: ShardTable) {
    this.#services = services
    this.#table = table
    this.#endedAt = services.clock.monotonic()
    this.#succeededAt = this.#endedAt
    this.#nextScheduled = services.clock.monotonic() + services.config.scheduleHorizonMs / 2
    this.#following = this.#follow(services.storage.hints)
    this.#arm()
  }

  /** When the last round ended, on the monotonic clock: before the first, when it was set up. */
  get endedAt(): number {
    return this.#endedAt
  }

  /** When the last round ended that succeeded. */
  get succeededAt(): number {
    return this.#succeededAt
  }

  /** One round, now. */
  async sweep(): Promise<void> {
    await this.#lookForMissed()
    const now = this.#services.clock.monotonic()
    if (now < this.#nextScheduled) return
    this.#nextScheduled = now + this.#services.config.scheduleHorizonMs / 2
    await Promise.all([...this.#table.shards.values()].map((shard) => shard.inbox.sweep()))
    await this.#services.storage.prune(pruneBatch)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    this.#listening.abort()
    const { clock, config } = this.#services
    // A storage that does not answer keeps nobody from leaving.
    await within(clock, config.abandonAfterMs, Promise.all([this.#round, this.#following]))
  }

  /** Storages that have hints tell at once what a round would find later. */
  async #follow(hints: MessageHints | undefined): Promise<void> {
    if (hints === undefined) return
    for await (const last of hints.watch(this.#listening.signal))
      for (const [shard, sequence] of last) this.#table.shards.get(shard)?.inbox.hint(sequence)
  }

  async #lookForMissed(): Promise<void> {
    const shards = [...this.#table.shards.keys()]
    if (shards.length === 0) return
    const last = await this.#services.storage.messages.lastSequences(shards)
    for (const [shard, sequence] of last) this.#table.shards.get(shard)?.inbox.hint(sequence)
  }

  #arm(): void {
    const { clock, random, config } = this.#services
    this.#timer = clock.setTimer(config.sweepIntervalMs * (0.5 + random.next()), () => {
      this.#round = this.#guardedSweep().finally(() => {
        if (!this.#stopped) this.#arm()
      })
    })
  }

  async #guardedSweep(): Promise<void> {
    try {
      await this.sweep()
      this.#succeededAt = this.#services.clock.monotonic()
    } catch (error) {
      if (!this.#stopped)
        this.#services.log.log('warn', 'A sweep of stored messages failed; the next one follows.', { error })
    }
    this.#endedAt = this.#services.clock.monotonic()
  }
}
