import type { EntityAddress } from '../address/entity-address.ts'
import type { RequestId } from '../address/identifiers.ts'
import type { ShardId } from '../address/shard-id.ts'
import type { ExecutionReader, JournalReader } from './execution.ts'
import type { SqlTransaction } from './sql-transaction.ts'
import type {
  DeadLetter,
  MessageFilter,
  MessageRecord,
  PendingQuery,
  StoredMessage,
  StoredReply,
} from './stored-message.ts'
import type { Fence, Operation, SaveMessage, Unit, UnitResult } from './unit-of-work.ts'

/** An entity's state as bytes, with the number of times it was written. */
export interface StoredState {
  readonly version: number
  readonly state: Uint8Array
}

/** Looks at the states of entities. */
export interface StateReader {
  /** Undefined means: never written. It never means: could not ask. */
  load(address: EntityAddress): Promise<StoredState | undefined>
}

/** Looks at stored messages. */
export interface MessageReader {
  /** Pending messages of one shard in sequence order. */
  pending(query: PendingQuery): Promise<readonly StoredMessage[]>
  /** The last sequence given out in each of these shards; 0 for one that never had a message. */
  lastSequences(shards: readonly ShardId[]): Promise<ReadonlyMap<ShardId, number>>
  find(id: RequestId): Promise<MessageRecord | undefined>
  /** Newest first. */
  list(filter: MessageFilter): Promise<readonly MessageRecord[]>
  /** The last that died first. */
  deadLetters(filter: Omit<MessageFilter, 'status'>): Promise<readonly DeadLetter[]>
}

/** Looks at recorded outcomes. */
export interface ReplyReader {
  find(id: RequestId): Promise<StoredReply | undefined>
}

/** A transaction that carries the user's SQL. Disposing it without a commit rolls it back. */
export interface StorageTransaction extends AsyncDisposable {
  readonly sql: SqlTransaction
  /** Applies the operations under the transaction's fence and commits. On any refusal all is rolled back. */
  commit(operations: readonly Operation[]): Promise<UnitResult>
}

/** What a claim found. `fenced`: a larger epoch is known already. */
export type ClaimResult = 'claimed' | 'fenced'

/** How much {@link Storage.prune} removed. */
export interface PruneResult {
  readonly messages: number
  readonly replies: number
  /** Records of executions, each with its journal. */
  readonly executions: number
}

/**
 * Tells of stored messages, those of other processes as well: an optional ability of a storage, for messages that nobody
 * pushed to their owner. Only hints: they come a moment later, and some do not come at all, so sweeps stay necessary.
 */
export interface MessageHints {
  /**
   * The last sequences of shards in which messages were just stored, until the signal aborts. Ends then; never rejects. Comes
   * back by itself after a lost connection.
   */
  watch(signal: AbortSignal): AsyncIterable<ReadonlyMap<ShardId, number>>
}

/** A connection on which a user has begun a transaction: a client of `pg`, or the transaction of PGlite. */
export interface QueryClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** What {@link Storage.enqueue} did. `duplicate`: nothing was stored, and the transaction can go on. */
export type EnqueueResult = Extract<UnitResult, { readonly kind: 'applied' | 'duplicate' }>

/**
 * Keeps everything that must survive. All durable effects go through one write path, {@link Storage.commit}; reading is
 * split into small interfaces. Bytes in, bytes out: what they mean is decided above.
 *
 * Laws, each checked by `storageLaws` in `@cruster/testing`:
 *
 * - ST1 A unit is applied wholly or not at all, and a refused one changes nothing for its neighbours in a commit.
 * - ST2 Units of one commit are applied in the order given; results come back in that order.
 * - ST3 After a claim of (shard, epoch) was answered, no unit with a smaller epoch of that shard is ever applied.
 * - ST4 A claim with an epoch smaller than the newest known is `fenced`; the same epoch again is `claimed`.
 * - ST5 A fenced unit whose epoch was never claimed is refused.
 * - ST6 `putState` is applied only on the version before, `expectState` lets a unit pass only on that version, and both
 *   see what earlier units of the same commit did; `load` returns the last state that was applied.
 * - ST7 A request has one reply for ever: the second `saveReply` is `duplicate` and brings the first one's exit.
 * - ST8 A message id is stored once: the second `saveMessage` is `duplicate` with what is known; `ifNew` skips it.
 * - ST9 Sequences of a shard are dense from 1, in the order in which messages become visible.
 * - ST10 `pending` lists what is neither completed, cancelled nor dead, in sequence order, and reports due times.
 * - ST11 Completing, cancelling, counting or burying what is not pending is `gone`; what is completed and forgotten is not there.
 * - ST12 What was applied is there after a restart (storages that declare `durable`).
 * - ST13 User SQL of a transaction is visible if and only if its operations were applied.
 * - ST14 A transaction is fenced like a unit, at its commit.
 * - ST15 A dead letter is listed with its exit, answers later callers with it, and after a revive is pending again.
 * - ST16 `prune` removes completed, cancelled messages and replies when their retention has passed, and nothing else.
 * - ST17 Inputs of any content survive: empty ids, quotes, NUL, emoji, empty and large payloads.
 * - ST18 Who watches the hints hears of messages that are stored while it watches, sooner or later (storages that have hints).
 * - ST19 `appendJournal` is applied only behind the last position, and sees what earlier units of the same commit did.
 * - ST20 A journal is read as it was written, dense from 1 and page by page; `truncateJournal` removes what is behind a position.
 * - ST21 `putExecution` replaces the record; `endedAt` tells when it first had ended; `deleteExecution` removes it and its journal.
 * - ST22 `list` shows what agrees with every field of its filter, the last that was started first, and goes on behind a cursor
 *   whatever is added or changed meanwhile; `count` agrees with it.
 * - ST23 `prune` removes ended executions with their journals when their retention has passed, and no others.
 * - ST24 What is enqueued in a user's own transaction is stored if and only if the user commits (storages that can).
 *
 * Methods reject only with `StorageError`; every expected result is a value. Safe for concurrent calls.
 */
export interface Storage extends AsyncDisposable {
  /** For logs: `sqlite ./.cruster/cruster.db`. No secrets. */
  readonly name: string
  /** Whether what was applied survives the process. */
  readonly durable: boolean
  /** The SQL that users write in transactions. */
  readonly dialect: SqlTransaction['dialect']
  readonly states: StateReader
  readonly messages: MessageReader
  readonly replies: ReplyReader
  readonly journals: JournalReader
  readonly executions: ExecutionReader
  /** Absent where only one process can store messages, or where it cannot tell the others. */
  readonly hints?: MessageHints | undefined
  /** The largest epoch ever claimed on any shard; 0 when there was none. Where a single runner goes on counting. */
  newestEpoch(): Promise<number>
  /** Takes shards over: waits for commits of former owners that are in flight, and shuts them out from then on. */
  claim(fences: readonly Fence[]): Promise<readonly ClaimResult[]>
  /** The one write path. Callers may call concurrently; batching them is the storage's business. */
  commit(units: readonly Unit[]): Promise<readonly UnitResult[]>
  /**
   * Opens a transaction for user SQL. The signal rolls it back: later statements reject with StorageError. The fence is
   * checked at the commit, and may be checked here already.
   */
  begin(fence: Fence, signal: AbortSignal): Promise<StorageTransaction>
  /**
   * Deletes up to `limit` messages, replies and executions whose retention has passed. Any process may call it at any time.
   */
  prune(limit: number): Promise<PruneResult>
  /**
   * Stores messages inside a transaction that the user has begun on the same database: they are stored if and only if the
   * user commits, and owners hear of them then. Rejects with StorageError on a connection that has no open transaction.
   * Absent where users cannot have transactions of their own.
   *
   * Until the user's transaction ends nobody else can store messages in the same shards: commit soon afterwards.
   */
  enqueue?(transaction: SqlTransaction | QueryClient, messages: readonly SaveMessage[]): Promise<EnqueueResult>
}
