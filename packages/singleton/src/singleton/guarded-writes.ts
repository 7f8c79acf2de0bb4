import { Fenced, StorageError } from '@cruster/core'
import type { SqlTransaction, StorageTransaction } from '@cruster/core/ports'
import type { ResidentScope } from '@cruster/sharding/extension'

/**
 * The writes of one run. After `close` none is accepted: transactions that are open are rolled back, and new ones refused, before
 * anybody else can have the shard.
 */
export class GuardedWrites {
  readonly #scope: ResidentScope
  readonly #closed = new AbortController()

  constructor(scope: ResidentScope) {
    this.#scope = scope
  }

  get isClosed(): boolean {
    return this.#closed.signal.aborted
  }

  close(): void {
    this.#closed.abort(new Fenced(this.#scope.fence.shard))
  }

  /** As `SingletonContext.tx`. */
  async transact<Result>(work: (tx: SqlTransaction) => Promise<Result>): Promise<Result> {
    this.#check()
    const transaction = await this.#begin()
    try {
      const result = await this.#worked(work(transaction.sql))
      await this.#commit(transaction)
      return result
    } finally {
      await transaction[Symbol.asyncDispose]()
    }
  }

  async #worked<Result>(work: Promise<Result>): Promise<Result> {
    try {
      const result = await work
      this.#check()
      return result
    } catch (error) {
      // A statement that the end of the run has broken tells of its rollback; why it was rolled back is what matters.
      throw this.isClosed ? new Fenced(this.#scope.fence.shard, { cause: error }) : error
    }
  }

  async #begin(): Promise<StorageTransaction> {
    const { signal } = this.#closed
    const transaction = await this.#scope.begin(AbortSignal.any([signal, this.#scope.signal]))
    if (!signal.aborted) return transaction
    await transaction[Symbol.asyncDispose]()
    throw new Fenced(this.#scope.fence.shard)
  }

  async #commit(transaction: StorageTransaction): Promise<void> {
    const { kind } = await transaction.commit([])
    if (kind === 'applied') return
    if (kind === 'fenced') throw new Fenced(this.#scope.fence.shard)
    throw new StorageError(`An empty unit was refused as ${kind}.`, { outcome: 'not-started' })
  }

  #check(): void {
    if (this.isClosed || this.#scope.signal.aborted) throw new Fenced(this.#scope.fence.shard)
  }
}
