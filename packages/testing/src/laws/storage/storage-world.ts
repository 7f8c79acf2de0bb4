import type { QueryClient, SqlTransaction, Storage } from '@cruster/core/ports'

/** A transaction that a user has begun on the same database, without the storage knowing of it. */
export interface OwnTransaction {
  readonly transaction: SqlTransaction | QueryClient
  /** Whether the storage can read while it is open; not so where the database has one connection. */
  readonly hasOthersBeside: boolean
  commit(): Promise<void>
  rollback(): Promise<void>
}

/** An empty storage and what the laws do around it. */
export interface StorageWorld extends AsyncDisposable {
  readonly storage: Storage
  /** Ends the storage as a stopped process would, and opens the same data again. Absent when nothing survives. */
  reopen?(): Promise<Storage>
  /** Begins a transaction as users do. Absent where the storage has no `enqueue`. */
  begin?(): Promise<OwnTransaction>
  /** Moves the clock that decides due times and retention; never by more than a second at once. */
  advance(ms: number): Promise<void>
}
