import type { StatementSync } from 'node:sqlite'
import type { RequestId, ShardId } from '@cruster/core'
import type {
  Clock,
  DeadLetter,
  MessageFilter,
  MessageReader,
  MessageRecord,
  PendingQuery,
  StoredMessage,
} from '@cruster/core/ports'
import type { Row } from '../row-values.ts'
import { optional, numberOf } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStoredText } from '../stored-text.ts'
import { readHeaders, statusOf, toMessage } from '../table/message-row.ts'
import type { Tables } from '../table/tables.ts'
import { readFiltered } from './message-filter.ts'
import { PendingRows } from './pending-rows.ts'
import type { Quarantine } from './quarantine.ts'

/** What reading needs. `guard` runs a read while the storage is open, and turns what SQLite throws into a StorageError. */
export interface ReadContext {
  readonly connection: SqliteConnection
  readonly tables: Tables
  readonly clock: Clock
  readonly guard: <T>(read: () => T) => T
}

/** Reads messages on the writer's connection, between transactions as far as framework rows are concerned. */
export class SqliteMessageReader implements MessageReader {
  readonly #context: ReadContext
  readonly #quarantine: Quarantine
  readonly #pending: PendingRows
  readonly #find: StatementSync

  constructor(context: ReadContext, quarantine: Quarantine) {
    this.#context = context
    this.#quarantine = quarantine
    this.#pending = new PendingRows(context.connection)
    this.#find = context.connection.prepare('select * from cruster_messages where id = ?')
  }

  async pending(query: PendingQuery): Promise<readonly StoredMessage[]> {
    return this.#context.guard(() => this.#readPending(query))
  }

  async lastSequences(shards: readonly ShardId[]): Promise<ReadonlyMap<ShardId, number>> {
    const table = this.#context.tables.shards
    return this.#context.guard(() => new Map(shards.map((shard) => [shard, table.lastSequence(shard)])))
  }

  async find(id: RequestId): Promise<MessageRecord | undefined> {
    return this.#context.guard(() => {
      const row = this.#find.get(toStoredText(id))
      return row === undefined ? undefined : this.#toRecord(row)
    })
  }

  async list(filter: MessageFilter): Promise<readonly MessageRecord[]> {
    return this.#context.guard(() => this.#filtered(filter).map((row) => this.#toRecord(row)))
  }

  async deadLetters(filter: Omit<MessageFilter, 'status'>): Promise<readonly DeadLetter[]> {
    return this.#context.guard(() =>
      this.#filtered({ ...filter, status: 'dead' }).map((row) => this.#toDeadLetter(row)),
    )
  }

  /** Reads on behind damaged rows, so that a page that is not full is the last one. */
  #readPending(query: PendingQuery): StoredMessage[] {
    const now = this.#context.clock.now()
    const messages: StoredMessage[] = []
    let { after } = query
    let isPageFull = true
    while (isPageFull && messages.length < query.limit) {
      const limit = query.limit - messages.length
      const rows = this.#pending.read({ ...query, after, limit }, now)
      isPageFull = rows.length === limit
      for (const row of rows) {
        after = numberOf(row, 'sequence')
        const headers = readHeaders(row)
        if (headers === undefined) this.#quarantine.add(row, query.shard, now)
        else messages.push(toMessage(row, headers, now))
      }
    }
    return messages
  }

  #filtered(filter: MessageFilter): readonly Row[] {
    return readFiltered(this.#context.connection, filter)
  }

  /** Damaged headers are shown as none: here a person looks, nothing is executed. */
  #toRecord(row: Row): MessageRecord {
    return { message: toMessage(row, readHeaders(row) ?? {}, this.#context.clock.now()), status: statusOf(row) }
  }

  /** A quarantined message has no reply. */
  #toDeadLetter(row: Row): DeadLetter {
    const { message } = this.#toRecord(row)
    const exit = this.#context.tables.replies.find(message.id)?.exit
    return { message, exit, diedAt: optional(row, 'died_at', numberOf) ?? 0 }
  }
}
