import type { ClientFactory, Duration, Epoch, HandlerLog } from '@cruster/core'
import type { SqlTransaction } from '@cruster/core/ports'

/** What a run of a singleton gets. */
export interface SingletonContext {
  readonly name: string
  /** Address of the runner on which it runs. */
  readonly runner: string
  /**
   * The ownership under which it runs; larger in each later one. Hand it to stores of your own that can refuse what comes with a
   * smaller one than they have seen.
   */
  readonly epoch: Epoch
  /** Aborts when the run is to stop: its shard moves, the runner shuts down, or the shard was lost. */
  readonly signal: AbortSignal
  readonly log: HandlerLog
  /** Failures in a row before this run, at this owner. */
  readonly failures: number
  /**
   * Runs statements in one transaction, which commits when `work` resolves and is rolled back when it rejects. Accepted only as
   * long as no other runner can have the singleton: also while it stops, never after. Do not call it within itself.
   *
   * @throws Fenced when it was not accepted: nothing of it was stored.
   * @throws StorageError when storage could not be reached; it says what is known.
   */
  tx<Result>(work: (tx: SqlTransaction) => Promise<Result>): Promise<Result>
  /** Whether the singleton is certainly here at this moment: ask before doing what no transaction guards. */
  isCurrent(): boolean
  /** Resolves after a while. @throws the signal's reason, as soon as it aborts. */
  sleep(duration: Duration): Promise<void>
  /** Calls entities and others. These calls are not fenced: they can arrive after the singleton has moved. */
  readonly client: ClientFactory
}

/** What a singleton does. It runs until it returns or throws; it should return soon after its signal has aborted. */
export type SingletonRun = (context: SingletonContext) => unknown
