import type { StatementSync } from 'node:sqlite'
import type { RequestId } from '@cruster/core'
import type { NewMessage } from '@cruster/core/ports'
import type { Row } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStoredBytes, toStoredBytesOrNull } from '../stored-bytes.ts'
import { toStoredText } from '../stored-text.ts'

const insertSql = `
insert into cruster_messages (
  id, shard, sequence, type, entity, method, payload, digest, headers, trace, deliver_at, one_way, retain_ms,
  attempts, stored_at, status
) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 'pending')`

const retireSql = `
update cruster_messages set status = ?, expires_at = ? + retain_ms
where id = ? and status = 'pending'`

const forgetSql = `
delete from cruster_messages
where id = ? and status = 'pending'`

const countSql = `
update cruster_messages set attempts = attempts + 1
where id = ? and status = 'pending'`

const burySql = `
update cruster_messages set status = 'dead', died_at = ?
where id = ? and status = 'pending'`

const reviveSql = `
update cruster_messages set status = 'pending', sequence = ?, attempts = 0, died_at = null
where id = ?`

// Walks cruster_messages_expiring from its old end.
const pruneSql = `
delete from cruster_messages where position in (
  select position from cruster_messages where expires_at is not null and expires_at <= ? order by expires_at limit ?)`

/** Writes of messages. Each is one statement, or checks before it writes. */
export class MessageTable {
  readonly #find: StatementSync
  readonly #insert: StatementSync
  readonly #retire: StatementSync
  readonly #forget: StatementSync
  readonly #count: StatementSync
  readonly #bury: StatementSync
  readonly #revive: StatementSync
  readonly #prune: StatementSync

  constructor(connection: SqliteConnection) {
    this.#find = connection.prepare('select id, shard, status, digest, type, entity from cruster_messages where id = ?')
    this.#insert = connection.prepare(insertSql)
    this.#retire = connection.prepare(retireSql)
    this.#forget = connection.prepare(forgetSql)
    this.#count = connection.prepare(countSql)
    this.#bury = connection.prepare(burySql)
    this.#revive = connection.prepare(reviveSql)
    this.#prune = connection.prepare(pruneSql)
  }

  /** Id, address, status and digest. */
  find(id: RequestId): Row | undefined {
    return this.#find.get(toStoredText(id))
  }

  insert(message: NewMessage, sequence: number, now: number): void {
    this.#insert.run(
      toStoredText(message.id),
      toStoredText(message.address.shard),
      sequence,
      toStoredText(message.address.type),
      toStoredText(message.address.id),
      toStoredText(message.method),
      toStoredBytes(message.payload),
      toStoredBytesOrNull(message.digest),
      JSON.stringify(message.headers),
      message.trace === undefined ? null : toStoredText(message.trace),
      message.deliverAt ?? null,
      message.oneWay ? 1 : 0,
      message.retainMs,
      now,
    )
  }

  /** Ends a pending message. False when it is not pending. */
  retire(id: RequestId, status: 'completed' | 'cancelled', now: number): boolean {
    return this.#retire.run(status, now, toStoredText(id)).changes === 1
  }

  /** Deletes a pending message. False when it is not pending. */
  forget(id: RequestId): boolean {
    return this.#forget.run(toStoredText(id)).changes === 1
  }

  /** False when the message is not pending. */
  countAttempt(id: RequestId): boolean {
    return this.#count.run(toStoredText(id)).changes === 1
  }

  /** Makes a pending message a dead letter. False when it is not pending. */
  bury(id: RequestId, now: number): boolean {
    return this.#bury.run(now, toStoredText(id)).changes === 1
  }

  /** Makes a message pending again, whatever it was. */
  revive(id: RequestId, sequence: number): void {
    this.#revive.run(sequence, toStoredText(id))
  }

  /** Deletes up to `limit` messages whose retention has passed. Returns how many. */
  prune(now: number, limit: number): number {
    return Number(this.#prune.run(now, limit).changes)
  }
}
