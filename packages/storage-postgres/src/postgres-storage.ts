import type {
  ClaimResult,
  EnqueueResult,
  ExecutionReader,
  Fence,
  JournalReader,
  MessageHints,
  MessageReader,
  PruneResult,
  QueryClient,
  ReplyReader,
  SaveMessage,
  SqlTransaction,
  StateReader,
  Storage,
  StorageTransaction,
  Unit,
  UnitResult,
} from '@cruster/core/ports'
import { enqueueMessages } from './enqueue/enqueue-messages.ts'
import type { StorageParts } from './storage-parts.ts'
import type { Gathering } from './read/gathered-reads.ts'
import { Quarantine } from './read/quarantine.ts'
import { PostgresMessageReader } from './read/postgres-message-reader.ts'
import { executionReader, journalReader } from './read/read-executions.ts'
import { readNewestEpoch, replyReader, stateReader } from './read/read-rows.ts'
import type { Row, Statement } from './session/session.ts'
import { withSession } from './session/with-session.ts'
import { notStarted } from './storage-failure.ts'
import { openTransaction } from './user-sql/open-transaction.ts'
import { checkUnit } from './write/check-unit.ts'
import { claimShards } from './write/claim-shards.ts'
import { commitUnits } from './write/commit-units.ts'
import type { WriteContext } from './write/decide-locked.ts'
import { GroupCommit } from './write/group-commit.ts'
import { pruneRows } from './write/prune-rows.ts'
import { WriteStatements } from './write/write-statement.ts'

/**
 * Storage in PostgreSQL, for any number of processes. Open it with `openPostgresStorage` or `postgresStorage`.
 *
 * Concurrent commits share a statement, a round trip and a sync of the log. Against one autocommit INSERT of 200 bytes through
 * `pg`, taken in turns with it, PostgreSQL 15 with fsync, medians, on 2 cores that the server had a part of and other programs
 * kept busy:
 *
 * | | 1 caller | its CPU time in the server | 64 callers |
 * | state and reply in one unit | 0.73 × | 1.2 × | 2.4 × |
 * | an entry of a journal | 0.77 × | 1.1 × | |
 * | one message | 0.67 × | 1.4 × | 2.4 × |
 * | the end of a workflow: entries, record, reply and message | 0.50 × | 1.9 × | |
 *
 * On a calmer machine 64 callers came to 38 000 units a second, 3.2 ×.
 */
export class PostgresStorage implements Storage {
  readonly name: string
  readonly durable: boolean
  readonly dialect = 'postgres'
  readonly states: StateReader
  readonly messages: MessageReader
  readonly replies: ReplyReader
  readonly journals: JournalReader
  readonly executions: ExecutionReader
  readonly hints: MessageHints | undefined
  readonly #parts: StorageParts
  readonly #write: WriteContext
  readonly #group: GroupCommit
  readonly #quarantine: Quarantine
  #closing: Promise<void> | undefined

  /** @internal Use `openPostgresStorage`. */
  constructor(parts: StorageParts) {
    const { names, sessions, batchSessions, clock, logger } = parts
    this.name = parts.name
    this.durable = parts.durable
    this.#parts = parts
    this.#write = { sessions, batchSessions, names, statements: new WriteStatements(names) }
    this.#group = new GroupCommit((units, questions) => commitUnits(this.#write, units, questions), clock)
    this.#quarantine = new Quarantine(sessions, names, logger)
    this.hints = parts.hints

    const read = (statement: Statement): Promise<readonly Row[]> => this.#read(statement)
    const gathering: Gathering = {
      clock,
      accept: () => {
        this.#assertOpen()
      },
      read: (statement) => this.#run(statement),
    }
    this.states = stateReader(gathering, names)
    this.replies = replyReader(gathering, names)
    this.journals = journalReader(gathering, names, (address) => this.#group.askForJournal(address))
    this.executions = executionReader(read, names)
    this.messages = new PostgresMessageReader(read, names, this.#quarantine)
  }

  async newestEpoch(): Promise<number> {
    return readNewestEpoch((statement) => this.#read(statement), this.#parts.names)
  }

  async claim(fences: readonly Fence[]): Promise<readonly ClaimResult[]> {
    this.#assertOpen()
    return claimShards(this.#parts, fences)
  }

  async commit(units: readonly Unit[]): Promise<readonly UnitResult[]> {
    this.#assertOpen()
    for (const unit of units) checkUnit(unit)
    if (units.length === 0) return []
    const results = await this.#group.add(units)
    this.#parts.hints?.note(units, results)
    return results
  }

  async begin(fence: Fence, signal: AbortSignal): Promise<StorageTransaction> {
    this.#assertOpen()
    return openTransaction({ ...this.#parts, write: this.#write }, { fence, signal })
  }

  async prune(limit: number): Promise<PruneResult> {
    this.#assertOpen()
    return pruneRows(this.#parts, limit)
  }

  async enqueue(transaction: SqlTransaction | QueryClient, messages: readonly SaveMessage[]): Promise<EnqueueResult> {
    this.#assertOpen()
    if (messages.length === 0) return { kind: 'applied', sequences: [] }
    const { hints } = this.#parts
    const notify = hints === undefined ? undefined : hints.statement.bind(hints)
    return enqueueMessages({ write: this.#write, notify }, transaction, messages)
  }

  /** Finishes what was accepted, transactions included, and closes the connections. What comes later is refused. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { clock, hints, sessions, transactionSessions, release } = this.#parts
    // What was asked in this turn is on its way then.
    await new Promise<void>((resolve) => {
      clock.defer(resolve)
    })
    await this.#group.idle()
    await this.#quarantine.idle()
    await hints?.[Symbol.asyncDispose]()
    await transactionSessions.close()
    await sessions.close()
    await release()
  }

  async #read(statement: Statement): Promise<readonly Row[]> {
    this.#assertOpen()
    return this.#run(statement)
  }

  #run(statement: Statement): Promise<readonly Row[]> {
    return withSession(this.#parts.sessions, 'reading', async (session) => (await session.run(statement)).rows)
  }

  #assertOpen(): void {
    if (this.#closing === undefined) return
    throw notStarted(
      `${this.name} is closed. Nothing was read or stored. Dispose the storage after everything that uses it.`,
    )
  }
}
