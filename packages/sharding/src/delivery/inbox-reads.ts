import type { ShardId } from '@cruster/core'
import type { PendingQuery, StoredMessage } from '@cruster/core/ports'
import type { Services } from '../runner/services.ts'
import { Turnstile } from '../shard/turnstile.ts'

/** Pages that are read at once. With more, entities that load their state would wait for a connection behind them. */
const pagesAtOnce = 2

/** Shards whose last sequence is asked for in one query. */
interface Round {
  readonly shards: Set<ShardId>
  readonly answer: Promise<ReadonlyMap<ShardId, number>>
}

/**
 * What all inboxes of a runner read through. A runner that takes hundreds of shards at once asks for all of them in one
 * query, and their backlogs leave room for the entities that callers wait for.
 */
export class InboxReads {
  readonly #services: Pick<Services, 'storage' | 'clock'>
  readonly #turns = new Turnstile(pagesAtOnce)
  #round: Round | undefined

  constructor(services: Pick<Services, 'storage' | 'clock'>) {
    this.#services = services
  }

  /** The last sequence given out in a shard. Shards that ask at the same moment share a query. */
  async lastSequence(shard: ShardId): Promise<number> {
    this.#round ??= this.#open()
    const { shards, answer } = this.#round
    shards.add(shard)
    return (await answer).get(shard) ?? 0
  }

  /** A page of pending messages, when it is its turn. */
  async pending(query: PendingQuery): Promise<readonly StoredMessage[]> {
    const leave = await this.#turns.enter()
    try {
      return await this.#services.storage.messages.pending(query)
    } finally {
      leave()
    }
  }

  #open(): Round {
    const { storage, clock } = this.#services
    const shards = new Set<ShardId>()
    const isTime = new Promise<void>((resolve) => clock.defer(resolve))
    const ask = async (): Promise<ReadonlyMap<ShardId, number>> => {
      await isTime
      this.#round = undefined
      return storage.messages.lastSequences([...shards])
    }
    return { shards, answer: ask() }
  }
}
