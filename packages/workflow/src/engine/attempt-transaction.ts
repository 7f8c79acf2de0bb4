import { StorageError } from '@cruster/core'
import type { SqlTransaction, StorageTransaction } from '@cruster/core/ports'
import { LazyTransaction } from '@cruster/sharding/extension'

/** The `tx` of one attempt: opens with the first statement, and ends with the attempt. */
export class AttemptTransaction extends LazyTransaction {
  constructor(dialect: SqlTransaction['dialect'], begin: () => Promise<StorageTransaction>) {
    super(dialect, begin, 'activity')
  }

  /** Whether it holds statements that are not committed. */
  get isPending(): boolean {
    return this.isOpen && !this.hasFailed && !this.isOver
  }

  /** Whether an error says that storage is in trouble: that the transaction could not be opened, or was lost. */
  isOutage(error: unknown): boolean {
    return this.isOpen && (this.couldNotOpen(error) || (error instanceof StorageError && error.fault === 'storage'))
  }
}
