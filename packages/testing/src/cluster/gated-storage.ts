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
import type { StorageGate } from './storage-gate.ts'

/** A storage that many share, as one runner sees it through its gate. Disposing it leaves the storage itself open. */
export class GatedStorage implements Storage {
  readonly name: string
  readonly durable: boolean
  readonly dialect: SqlTransaction['dialect']
  readonly states: StateReader
  readonly messages: MessageReader
  readonly replies: ReplyReader
  readonly journals: JournalReader
  readonly executions: ExecutionReader
  readonly enqueue?: NonNullable<Storage['enqueue']>
  readonly #storage: Storage
  readonly #gate: StorageGate
  readonly #transactions = new Set<StorageTransaction>()

  constructor(storage: Storage, gate: StorageGate) {
    this.name = storage.name
    this.durable = storage.durable
    this.dialect = storage.dialect
    this.#storage = storage
    this.#gate = gate
    const { states, messages, replies, journals, executions } = storage
    this.states = { load: (address) => gate.pass(() => states.load(address)) }
    this.replies = { find: (id) => gate.pass(() => replies.find(id)) }
    this.messages = {
      pending: (query) => gate.pass(() => messages.pending(query)),
      lastSequences: (shards) => gate.pass(() => messages.lastSequences(shards)),
      find: (id) => gate.pass(() => messages.find(id)),
      list: (filter) => gate.pass(() => messages.list(filter)),
      deadLetters: (filter) => gate.pass(() => messages.deadLetters(filter)),
    }
    this.journals = {
      read: (query) => gate.pass(() => journals.read(query)),
      size: (address) => gate.pass(() => journals.size(address)),
    }
    this.executions = {
      find: (address) => gate.pass(() => executions.find(address)),
      list: (query) => gate.pass(() => executions.list(query)),
      count: (filter) => gate.pass(() => executions.count(filter)),
    }
    if (storage.enqueue !== undefined) {
      const enqueue = storage.enqueue.bind(storage)
      this.enqueue = (transaction, saves) => gate.pass(() => enqueue(transaction, saves))
    }
  }

  newestEpoch(): Promise<number> {
    return this.#gate.pass(() => this.#storage.newestEpoch())
  }

  claim(fences: readonly Fence[]): Promise<readonly ClaimResult[]> {
    return this.#gate.pass(() => this.#storage.claim(fences))
  }

  commit(units: readonly Unit[]): Promise<readonly UnitResult[]> {
    return this.#gate.pass(() => this.#storage.commit(units))
  }

  async begin(fence: Fence, signal: AbortSignal): Promise<StorageTransaction> {
    const transaction = await this.#gate.pass(async () => {
      const begun = await this.#storage.begin(fence, signal)
      this.#transactions.add(begun)
      return begun
    })
    return this.#gated(transaction)
  }

  prune(limit: number): Promise<PruneResult> {
    return this.#gate.pass(() => this.#storage.prune(limit))
  }

  /** The runner has crashed: the storage notices, and rolls its transactions back. */
  async disconnect(): Promise<void> {
    this.#gate.close()
    for (const transaction of this.#transactions) await transaction[Symbol.asyncDispose]()
    this.#transactions.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnect()
  }

  #gated(transaction: StorageTransaction): StorageTransaction {
    const gate = this.#gate
    const { sql } = transaction
    return {
      sql: {
        dialect: sql.dialect,
        query: (template, ...values) => gate.pass(() => sql.query(template, ...values)),
        execute: (statement) => gate.pass(() => sql.execute(statement)),
      },
      commit: (operations) => gate.pass(() => transaction.commit(operations)),
      [Symbol.asyncDispose]: async () => {
        this.#transactions.delete(transaction)
        await transaction[Symbol.asyncDispose]()
      },
    }
  }
}
