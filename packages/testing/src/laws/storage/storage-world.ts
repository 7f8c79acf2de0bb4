import type { Storage } from '@cruster/core/ports'

/** An empty storage and what the laws do around it. */
export interface StorageWorld extends AsyncDisposable {
  readonly storage: Storage
  /** Ends the storage as a stopped process would, and opens the same data again. Absent when nothing survives. */
  reopen?(): Promise<Storage>
  /** Moves the clock that decides due times and retention; never by more than a second at once. */
  advance(ms: number): Promise<void>
}
