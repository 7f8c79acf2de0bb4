import type { StatementSync } from 'node:sqlite'
import type { PendingQuery } from '@cruster/core/ports'
import type { Row } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStoredText } from '../stored-text.ts'

/**
 * Two branches, each on its partial index, so that a page costs what it returns: messages scheduled for later are not
 * walked over. Due scheduled messages are sorted, keeping only the first `limit`.
 */
const pendingSql = `
select * from (
  select * from cruster_messages
  where status = 'pending' and deliver_at is null and shard = :shard and sequence > :after
  order by sequence limit :limit)
union all
select * from (
  select * from cruster_messages
  where status = 'pending' and deliver_at is not null and deliver_at <= :due and shard = :shard and sequence > :after
  order by sequence limit :limit)
order by sequence limit :limit`

/** Rows of pending messages of one shard, in sequence order. */
export class PendingRows {
  readonly #statement: StatementSync

  constructor(connection: SqliteConnection) {
    this.#statement = connection.prepare(pendingSql)
  }

  read({ shard, after, dueWithinMs, limit }: PendingQuery, now: number): readonly Row[] {
    return this.#statement.all({ shard: toStoredText(shard), after, due: now + dueWithinMs, limit })
  }
}
