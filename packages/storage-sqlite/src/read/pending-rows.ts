import type { SQLInputValue, StatementSync } from 'node:sqlite'
import type { PendingQuery } from '@cruster/core/ports'
import type { Row } from '../row-values.ts'
import { numberOf } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStoredText } from '../stored-text.ts'

/** In the order of its index, cruster_messages_ready: a page costs what it returns. */
const ready = `
from cruster_messages
where status = 'pending' and deliver_at is null and shard = ? and sequence > ?`

/** From cruster_messages_scheduled, so that what is due later is not walked over; what is found has to be sorted. */
const scheduled = `
from cruster_messages
where status = 'pending' and deliver_at is not null and shard = ? and sequence > ? and deliver_at <= ?`

/** Rows of pending messages of one shard, in sequence order. */
export class PendingRows {
  readonly #ready: ProbedPage
  readonly #scheduled: ProbedPage

  constructor(connection: SqliteConnection) {
    this.#ready = new ProbedPage(connection, ready)
    this.#scheduled = new ProbedPage(connection, scheduled)
  }

  read({ shard, after, dueWithinMs, limit }: PendingQuery, now: number): readonly Row[] {
    const storedShard = toStoredText(shard)
    const readyRows = this.#ready.read([storedShard, after], limit)
    const scheduledRows = this.#scheduled.read([storedShard, after, now + dueWithinMs], limit)
    if (scheduledRows.length === 0) return readyRows
    return [...readyRows, ...scheduledRows].toSorted(bySequence).slice(0, limit)
  }
}

/**
 * A page of whole rows, asked for only when there is one: node:sqlite takes 10 µs to name the columns of a page, also of an
 * empty one, and a runner asks for many shards that have nothing to do. The probe takes 0.4 µs.
 */
class ProbedPage {
  readonly #probe: StatementSync
  readonly #page: StatementSync

  constructor(connection: SqliteConnection, source: string) {
    this.#probe = connection.prepare(`select 1 ${source} limit 1`)
    this.#page = connection.prepare(`select * ${source} order by sequence limit ?`)
  }

  read(values: readonly SQLInputValue[], limit: number): readonly Row[] {
    return this.#probe.get(...values) === undefined ? [] : this.#page.all(...values, limit)
  }
}

const bySequence = (one: Row, other: Row): number => numberOf(one, 'sequence') - numberOf(other, 'sequence')
