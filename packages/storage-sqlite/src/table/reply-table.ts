import type { StatementSync } from 'node:sqlite'
import type { RequestId } from '@cruster/core'
import { requestId } from '@cruster/core'
import type { StoredReply } from '@cruster/core/ports'
import type { Row } from '../row-values.ts'
import { addressOf, bytesOf, numberOf, optional, textOf } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStoredBytes, toStoredBytesOrNull } from '../stored-bytes.ts'
import { toStoredText } from '../stored-text.ts'

const insertSql = `
insert into cruster_replies (id, shard, type, entity, digest, exit, stored_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?)
on conflict (id) do nothing`

// Walks cruster_replies_expiring from its old end.
const pruneSql = `
delete from cruster_replies where rowid in (
  select rowid from cruster_replies where expires_at is not null and expires_at <= ? order by expires_at limit ?)`

/** Recorded outcomes of requests. */
export class ReplyTable {
  readonly #find: StatementSync
  readonly #insert: StatementSync
  readonly #delete: StatementSync
  readonly #prune: StatementSync

  constructor(connection: SqliteConnection) {
    this.#find = connection.prepare('select * from cruster_replies where id = ?')
    this.#insert = connection.prepare(insertSql)
    this.#delete = connection.prepare('delete from cruster_replies where id = ?')
    this.#prune = connection.prepare(pruneSql)
  }

  find(id: RequestId): StoredReply | undefined {
    const row = this.#find.get(toStoredText(id))
    return row === undefined ? undefined : toReply(row)
  }

  /** False, and nothing written, when a reply is recorded already. Without `expiresAt` it is kept until deleted. */
  save(reply: StoredReply, expiresAt?: number): boolean {
    const { changes } = this.#insert.run(
      toStoredText(reply.id),
      toStoredText(reply.address.shard),
      toStoredText(reply.address.type),
      toStoredText(reply.address.id),
      toStoredBytesOrNull(reply.digest),
      toStoredBytes(reply.exit),
      reply.storedAt,
      expiresAt ?? null,
    )
    return changes === 1
  }

  delete(id: RequestId): void {
    this.#delete.run(toStoredText(id))
  }

  /** Deletes up to `limit` replies that expired. Returns how many. */
  prune(now: number, limit: number): number {
    return Number(this.#prune.run(now, limit).changes)
  }
}

function toReply(row: Row): StoredReply {
  return {
    id: requestId(textOf(row, 'id')),
    address: addressOf(row),
    digest: optional(row, 'digest', bytesOf),
    exit: bytesOf(row, 'exit'),
    storedAt: numberOf(row, 'stored_at'),
  }
}
