import { StorageError } from '@cruster/core'
import type {
  ClaimResult,
  ExecutionReader,
  Fence,
  JournalReader,
  MessageReader,
  PruneResult,
  ReplyReader,
  SqlTransaction,
  StateReader,
  Storage,
  StorageTransaction,
  Unit,
  UnitResult,
} from '@cruster/core/ports'
import type { Dice } from './dice.ts'
import type { Latency } from './latency.ts'

/** How steady the way to storage is. */
export interface Steadiness {
  readonly latency: Latency
  readonly dice: Dice
  /** How often a single request fails by itself, before or after it has taken effect. */
  readonly errorRate: () => number
  /** Hears of it. */
  readonly lost: (what: 'request' | 'answer') => void
}

/** A storage as a process reaches it: every request and every answer takes its time, and some are lost. */
export class UnsteadyStorage implements Storage {
  readonly name: string
  readonly durable: boolean
  readonly dialect: SqlTransaction['dialect']
  readonly states: StateReader
  readonly messages: MessageReader
  readonly replies: ReplyReader
  readonly journals: JournalReader
  readonly executions: ExecutionReader
  readonly #storage: Storage
  readonly #steadiness: Steadiness

  constructor(storage: Storage, steadiness: Steadiness) {
    this.name = storage.name
    this.durable = storage.durable
    this.dialect = storage.dialect
    this.#storage = storage
    this.#steadiness = steadiness
    const { states, messages, replies, journals, executions } = storage
    this.states = { load: (address) => this.#pass(() => states.load(address)) }
    this.replies = { find: (id) => this.#pass(() => replies.find(id)) }
    this.messages = {
      pending: (query) => this.#pass(() => messages.pending(query)),
      lastSequences: (shards) => this.#pass(() => messages.lastSequences(shards)),
      find: (id) => this.#pass(() => messages.find(id)),
      list: (filter) => this.#pass(() => messages.list(filter)),
      deadLetters: (filter) => this.#pass(() => messages.deadLetters(filter)),
    }
    this.journals = {
      read: (query) => this.#pass(() => journals.read(query)),
      size: (address) => this.#pass(() => journals.size(address)),
    }
    this.executions = {
      find: (address) => this.#pass(() => executions.find(address)),
      list: (query) => this.#pass(() => executions.list(query)),
      count: (filter) => this.#pass(() => executions.count(filter)),
    }
  }

  newestEpoch(): Promise<number> {
    return this.#pass(() => this.#storage.newestEpoch())
  }

  claim(fences: readonly Fence[]): Promise<readonly ClaimResult[]> {
    return this.#pass(() => this.#storage.claim(fences))
  }

  commit(units: readonly Unit[]): Promise<readonly UnitResult[]> {
    return this.#pass(() => this.#storage.commit(units))
  }

  async begin(fence: Fence, signal: AbortSignal): Promise<StorageTransaction> {
    const transaction = await this.#pass(() => this.#storage.begin(fence, signal))
    const { sql } = transaction
    return {
      sql: {
        dialect: sql.dialect,
        query: (template, ...values) => this.#delayed(() => sql.query(template, ...values)),
        execute: (statement) => this.#delayed(() => sql.execute(statement)),
      },
      commit: (operations) => this.#pass(() => transaction.commit(operations)),
      [Symbol.asyncDispose]: () => transaction[Symbol.asyncDispose](),
    }
  }

  prune(limit: number): Promise<PruneResult> {
    return this.#pass(() => this.#storage.prune(limit))
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#storage[Symbol.asyncDispose]()
  }

  async #pass<T>(request: () => Promise<T>): Promise<T> {
    const { dice, errorRate, lost } = this.#steadiness
    const rate = errorRate()
    const isLost = rate > 0 && dice.chance(rate)
    const isRefused = isLost && dice.chance(0.5)
    if (isLost) lost(isRefused ? 'request' : 'answer')
    return this.#delayed(async () => {
      if (isRefused) throw new StorageError('The request was lost on its way to storage.', { outcome: 'not-started' })
      const answer = await request()
      if (isLost) throw new StorageError('The answer of storage was lost on its way.', { outcome: 'unknown' })
      return answer
    })
  }

  async #delayed<T>(request: () => Promise<T>): Promise<T> {
    const { latency } = this.#steadiness
    await latency.pass()
    try {
      return await request()
    } finally {
      await latency.pass()
    }
  }
}
