import type { StatementSync } from 'node:sqlite'
import type { ShardId } from '@cruster/core'
import type { Logger } from '@cruster/core/ports'
import type { Row } from '../row-values.ts'
import { textOf } from '../row-values.ts'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { toStoredText } from '../stored-text.ts'
import type { GroupCommit } from '../write/group-commit.ts'

const buryDamagedSql = `
update cruster_messages set status = 'dead', died_at = ?
where id = ? and status = 'pending'`

/**
 * Takes messages whose headers cannot be read out of delivery, so that one damaged row does not hold up its shard. Such a
 * message becomes a dead letter without a reply: a person finds it in the list, repairs the row and revives it.
 */
export class Quarantine {
  readonly #bury: StatementSync
  readonly #group: GroupCommit
  readonly #logger: Logger
  /** Being buried: a shard may be read again before that is committed. */
  readonly #underWay = new Set<string>()

  constructor(connection: SqliteConnection, group: GroupCommit, logger: Logger) {
    this.#bury = connection.prepare(buryDamagedSql)
    this.#group = group
    this.#logger = logger
  }

  /** Buries the message behind a row in the background. */
  add(row: Row, shard: ShardId, now: number): void {
    const id = textOf(row, 'id')
    if (this.#underWay.has(id)) return
    this.#underWay.add(id)
    this.#logger.log('error', 'message has damaged headers and is not delivered: see the dead letters', { id, shard })
    this.#group
      .run(() => this.#bury.run(now, toStoredText(id)))
      .catch((error: unknown) => this.#logger.log('warn', 'burying a damaged message failed', { id, error }))
      .finally(() => this.#underWay.delete(id))
  }
}
