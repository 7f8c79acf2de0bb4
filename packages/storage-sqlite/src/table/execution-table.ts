import type { StatementSync } from 'node:sqlite'
import type { EntityAddress } from '@cruster/core'
import type { ExecutionName, ExecutionStatus, PutExecution, StoredExecution } from '@cruster/core/ports'
import { textOf } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStoredText } from '../stored-text.ts'
import { toExecution } from './execution-row.ts'

const columns =
  'type, entity, shard, workflow, version, status, started_at, updated_at, ended_at, parent_type, parent_id, note, retain_ms'

// The end stays where it was when an ended execution is put again.
const putSql = `
insert into cruster_executions (${columns}, expires_at)
values (:type, :entity, :shard, :workflow, :version, :status, :started_at, :now, :ended_at, :parent_type, :parent_id,
  :note, :retain_ms, :ended_at + :retain_ms)
on conflict (type, entity) do update set
  shard = excluded.shard, workflow = excluded.workflow, version = excluded.version, status = excluded.status,
  started_at = excluded.started_at, updated_at = excluded.updated_at,
  ended_at = case when excluded.ended_at is not null then coalesce(ended_at, excluded.ended_at) end,
  parent_type = excluded.parent_type, parent_id = excluded.parent_id, note = excluded.note,
  retain_ms = excluded.retain_ms,
  expires_at = case when excluded.ended_at is not null then coalesce(ended_at, excluded.ended_at) end + excluded.retain_ms`

// Walks cruster_executions_expiring from its old end.
const expiredSql = `
select type, entity from cruster_executions where expires_at is not null and expires_at <= ? order by expires_at limit ?`

/** What is on record of each execution. */
export class ExecutionTable {
  readonly #find: StatementSync
  readonly #put: StatementSync
  readonly #delete: StatementSync
  readonly #expired: StatementSync

  constructor(connection: SqliteConnection) {
    this.#find = connection.prepare(`select ${columns} from cruster_executions where type = ? and entity = ?`)
    this.#put = connection.prepare(putSql)
    this.#delete = connection.prepare('delete from cruster_executions where type = ? and entity = ?')
    this.#expired = connection.prepare(expiredSql)
  }

  find({ type, id }: EntityAddress): StoredExecution | undefined {
    const row = this.#find.get(toStoredText(type), toStoredText(id))
    return row === undefined ? undefined : toExecution(row)
  }

  put({ address, record }: PutExecution, now: number): void {
    const { parent, note } = record
    this.#put.run({
      type: toStoredText(address.type),
      entity: toStoredText(address.id),
      shard: toStoredText(address.shard),
      workflow: toStoredText(record.workflow),
      version: record.version,
      status: record.status,
      started_at: record.startedAt,
      now,
      ended_at: hasEnded(record.status) ? now : null,
      parent_type: parent === undefined ? null : toStoredText(parent.type),
      parent_id: parent === undefined ? null : toStoredText(parent.id),
      note: note === undefined ? null : toStoredText(note),
      retain_ms: record.retainMs ?? null,
    })
  }

  delete({ type, id }: ExecutionName): void {
    this.#delete.run(toStoredText(type), toStoredText(id))
  }

  /** Up to `limit` ended executions whose retention has passed, the oldest first. */
  expired(now: number, limit: number): readonly ExecutionName[] {
    return this.#expired.all(now, limit).map((row) => ({ type: textOf(row, 'type'), id: textOf(row, 'entity') }))
  }
}

function hasEnded(status: ExecutionStatus): boolean {
  return status !== 'running' && status !== 'paused'
}
