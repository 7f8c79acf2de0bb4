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
import type { OwnershipAudit } from './ownership-audit.ts'

/** Passes everything on, and tells an audit what was applied for which process. */
export class AuditedStorage implements Storage {
  readonly name: string
  readonly durable: boolean
  readonly dialect: SqlTransaction['dialect']
  readonly states: StateReader
  readonly messages: MessageReader
  readonly replies: ReplyReader
  readonly journals: JournalReader
  readonly executions: ExecutionReader
  readonly #storage: Storage
  readonly #audit: OwnershipAudit
  readonly #owner: string

  constructor(storage: Storage, audit: OwnershipAudit, owner: string) {
    this.name = storage.name
    this.durable = storage.durable
    this.dialect = storage.dialect
    this.states = storage.states
    this.messages = storage.messages
    this.replies = storage.replies
    this.journals = storage.journals
    this.executions = storage.executions
    this.#storage = storage
    this.#audit = audit
    this.#owner = owner
  }

  newestEpoch(): Promise<number> {
    return this.#storage.newestEpoch()
  }

  async claim(fences: readonly Fence[]): Promise<readonly ClaimResult[]> {
    const results = await this.#storage.claim(fences)
    for (const [index, fence] of fences.entries()) {
      if (results[index] === 'claimed') this.#audit.claimed(this.#owner, fence)
    }
    return results
  }

  async commit(units: readonly Unit[]): Promise<readonly UnitResult[]> {
    const results = await this.#storage.commit(units)
    for (const [index, unit] of units.entries()) {
      const result = results[index]
      if (result !== undefined) this.#audit.applied(this.#owner, unit, result)
    }
    return results
  }

  async begin(fence: Fence, signal: AbortSignal): Promise<StorageTransaction> {
    const transaction = await this.#storage.begin(fence, signal)
    return {
      sql: transaction.sql,
      commit: async (operations) => {
        const result = await transaction.commit(operations)
        this.#audit.applied(this.#owner, { fence, operations }, result)
        return result
      },
      [Symbol.asyncDispose]: () => transaction[Symbol.asyncDispose](),
    }
  }

  prune(limit: number): Promise<PruneResult> {
    return this.#storage.prune(limit)
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#storage[Symbol.asyncDispose]()
  }
}
