import type { ShardId } from '@cruster/core'
import type { StoredMessage, Timer } from '@cruster/core/ports'
import type { Services } from '../runner/services.ts'
import type { InboxReads } from './inbox-reads.ts'

/** Messages read at once. */
const pageSize = 500

export interface LoaderOptions {
  readonly services: Services
  readonly reads: InboxReads
  readonly shard: ShardId
  /** Takes a message that was read. `atClaim`: it was stored under a former owner. */
  readonly take: (message: StoredMessage, atClaim: boolean) => void
  /** Whether more can be held in memory. */
  readonly hasRoom: () => boolean
}

/**
 * Reads the pending messages of one shard, and knows up to which sequence all of them were seen.
 *
 * Sequences are dense, so a message that was pushed with a larger one than the next tells that others were missed: they
 * are read. Nothing is missed for longer than it takes until the next push or sweep.
 */
export class InboxLoader {
  readonly #options: LoaderOptions
  #seen = 0
  #lastKnown = 0
  #atClaim = true
  #loading: Promise<void> | undefined
  #retry: Timer | undefined
  #stopped = false

  constructor(options: LoaderOptions) {
    this.#options = options
  }

  /** Takes note of a pushed message. False: others before it were missed, or it is known; a load brings it if pending. */
  follows(sequence: number): boolean {
    if (this.#atClaim || this.#loading !== undefined || sequence !== this.#seen + 1) {
      this.hint(sequence)
      return false
    }
    this.#seen = sequence
    return true
  }

  /** There are messages up to this sequence. */
  hint(last: number): void {
    this.#lastKnown = Math.max(this.#lastKnown, last)
    if (this.#atClaim || this.#lastKnown > this.#seen) void this.load()
  }

  /** Reads everything that is pending and was not seen. Concurrent calls share one read. */
  async load(): Promise<void> {
    if (this.#stopped) return
    this.#loading ??= this.#loadAll().finally(() => (this.#loading = undefined))
    await this.#loading
  }

  /** Reads scheduled messages that have come near, and whatever else was missed. */
  async sweep(): Promise<void> {
    if (!this.#stopped) await this.#guarded(() => this.#readPages(0, Infinity))
  }

  stop(): void {
    this.#stopped = true
    this.#retry?.cancel()
  }

  async #loadAll(): Promise<void> {
    await this.#guarded(async () => {
      const { reads, shard } = this.#options
      do {
        // Asked first: whatever is pending up to here is visible to the reads that follow.
        const last = await reads.lastSequence(shard)
        // Most shards of many clusters never have a message.
        if (last > 0) this.#seen = await this.#readPages(this.#seen, last)
        this.#atClaim = false
      } while (this.#seen < this.#lastKnown && this.#options.hasRoom() && !this.#stopped)
    })
  }

  /** Reads on from a sequence, page by page. Resolves to the sequence up to which everything was seen. */
  async #readPages(from: number, last: number): Promise<number> {
    const { services, reads, shard, take, hasRoom } = this.#options
    let after = from
    while (hasRoom() && !this.#stopped) {
      const query = { shard, after, dueWithinMs: services.config.scheduleHorizonMs, limit: pageSize }
      const page = await reads.pending(query)
      if (this.#stopped) return after
      for (const message of page) take(message, this.#atClaim)
      after = page.at(-1)?.sequence ?? after
      if (page.length < pageSize) return Math.max(after, Number.isFinite(last) ? last : after)
    }
    return after
  }

  async #guarded(work: () => Promise<void | number>): Promise<void> {
    const { log, clock, random, config } = this.#options.services
    try {
      await work()
    } catch (error) {
      if (this.#stopped) return
      log.log('warn', 'Stored messages could not be read; this is tried again.', { shard: this.#options.shard, error })
      this.#retry?.cancel()
      this.#retry = clock.setTimer(config.initialBackoffMs * (0.5 + random.next()), () => void this.load())
    }
  }
}
