import type { RequestId, ShardId } from '@cruster/core'
import type {
  DeadLetter,
  MessageFilter,
  MessageReader,
  MessageRecord,
  PendingQuery,
  StoredMessage,
} from '@cruster/core/ports'
import { bytesOf, numberOf, optional, shardOf } from '../row-values.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Row, Statement } from '../session/session.ts'
import { toStoredText } from '../stored-text.ts'
import { readHeaders, statusOf, toMessage } from '../table/message-row.ts'
import { textArray } from '../write/sql-arrays.ts'
import { MessageQueries } from './message-queries.ts'
import { pendingStatement } from './pending-query.ts'
import type { Quarantine } from './quarantine.ts'

/** Runs a statement that only reads. */
export type Read = (statement: Statement) => Promise<readonly Row[]>

/** Reads messages as they are committed. */
export class PostgresMessageReader implements MessageReader {
  readonly #read: Read
  readonly #names: SqlNames
  readonly #queries: MessageQueries
  readonly #quarantine: Quarantine

  constructor(read: Read, names: SqlNames, quarantine: Quarantine) {
    this.#read = read
    this.#names = names
    this.#queries = new MessageQueries(names)
    this.#quarantine = quarantine
  }

  /** Reads on behind damaged rows, so that a page that is not full is the last one. */
  async pending(query: PendingQuery): Promise<readonly StoredMessage[]> {
    const messages: StoredMessage[] = []
    let { after } = query
    let isPageFull = true
    while (isPageFull && messages.length < query.limit) {
      const limit = query.limit - messages.length
      const rows = await this.#read(pendingStatement(this.#names, { ...query, after, limit }))
      isPageFull = rows.length === limit
      for (const row of rows) {
        after = numberOf(row, 'sequence')
        const headers = readHeaders(row)
        if (headers === undefined) this.#quarantine.add(row, query.shard)
        else messages.push(toMessage(row, headers))
      }
    }
    return messages
  }

  async lastSequences(shards: readonly ShardId[]): Promise<ReadonlyMap<ShardId, number>> {
    const text = `select shard, last_sequence from ${this.#names.sequences} where shard = any ($1::text[])`
    const values = [textArray(shards.map(toStoredText))]
    const rows = await this.#read({ name: 'cruster_last_sequences', text, values })
    const known = new Map(rows.map((row) => [shardOf(row), numberOf(row, 'last_sequence')]))
    return new Map(shards.map((shard) => [shard, known.get(shard) ?? 0]))
  }

  async find(id: RequestId): Promise<MessageRecord | undefined> {
    const [row] = await this.#read(this.#queries.find(id))
    return row === undefined ? undefined : toRecord(row)
  }

  async list(filter: MessageFilter): Promise<readonly MessageRecord[]> {
    return (await this.#read(this.#queries.list(filter))).map(toRecord)
  }

  async deadLetters(filter: Omit<MessageFilter, 'status'>): Promise<readonly DeadLetter[]> {
    const rows = await this.#read(this.#queries.deadLetters(filter))
    return rows.map((row) => ({
      message: toRecord(row).message,
      exit: optional(row, 'exit', bytesOf),
      diedAt: optional(row, 'died_at', numberOf) ?? 0,
    }))
  }
}

/** Damaged headers are shown as none: here a person looks, nothing is executed. */
function toRecord(row: Row): MessageRecord {
  return { message: toMessage(row, readHeaders(row) ?? {}), status: statusOf(row) }
}
