import type { Duration } from '@cruster/core'
import type { Clock, Logger } from '@cruster/core/ports'
import type { Durability } from './sqlite-connection.ts'

/** How to open a {@link SqliteStorage}. */
export interface SqliteStorageOptions {
  /** Path of the database; its folder is created. `:memory:` keeps everything in this process and loses it with it. */
  readonly file: string
  /** Decides due times, retention and the transaction time-out. Default: the system's clock. */
  readonly clock?: Clock
  /**
   * What a commit waits for. `fsync` (default): the disk; survives a power failure. `os`: the operating system; several
   * times as fast with few callers, survives a crash of the process, may lose the last moments in a power failure.
   */
  readonly durability?: Durability
  /**
   * How long a transaction with user SQL may take, all other writes waiting for it; then it is rolled back. Default 5 s.
   * Raise it only for programs that write little besides.
   */
  readonly transactionTimeout?: Duration
  /** Hears of damaged messages and transactions that took too long. Default: nobody. */
  readonly logger?: Logger
}
