import type { Operation, StorageTransaction, UnitResult } from '@cruster/core/ports'

/**
 * Keeps an execution from waiting for itself. A storage may have a single writer, which an open transaction of an attempt holds
 * until the loop commits it; so the loop begins no unit of its own while one is open, and none opens while a unit is under way.
 */
export class UnitGate {
  #unit: Promise<unknown> | undefined
  #transactions = 0
  readonly #freed: () => void

  /** `freed` is called when the last transaction has ended. */
  constructor(freed: () => void) {
    this.#freed = freed
  }

  /** No transaction of an attempt is open, or about to open. */
  get isFree(): boolean {
    return this.#transactions === 0
  }

  /** A unit of the loop is being stored. */
  store(unit: Promise<void>): Promise<void> {
    this.#unit = unit
    return unit
  }

  /** Opens a transaction, when no unit is under way. */
  async open(begin: () => Promise<StorageTransaction>): Promise<StorageTransaction> {
    this.#transactions += 1
    try {
      // How it ended concerns the loop.
      await this.#unit?.catch(() => undefined)
      return this.#watched(await begin())
    } catch (error) {
      this.#ended()
      throw error
    }
  }

  #watched(transaction: StorageTransaction): StorageTransaction {
    let isOpen = true
    const over = (): void => {
      if (isOpen) this.#ended()
      isOpen = false
    }
    return {
      sql: transaction.sql,
      commit: async (operations: readonly Operation[]): Promise<UnitResult> => {
        try {
          return await transaction.commit(operations)
        } finally {
          over()
        }
      },
      [Symbol.asyncDispose]: async () => {
        try {
          await transaction[Symbol.asyncDispose]()
        } finally {
          over()
        }
      },
    }
  }

  #ended(): void {
    this.#transactions -= 1
    if (this.#transactions === 0) this.#freed()
  }
}
