import type { ShardId } from '@cruster/core'
import type { Logger } from '@cruster/core/ports'
import { numberOf, textOf } from '../row-values.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Row, Sessions } from '../session/session.ts'
import { withSession } from '../session/with-session.ts'
import { toStoredText } from '../stored-text.ts'

/**
 * Takes messages whose headers cannot be read out of delivery, so that one damaged row does not hold up its shard. Such a
 * message becomes a dead letter without a reply: a person finds it in the list, repairs the row and revives it.
 */
export class Quarantine {
  readonly #sessions: Sessions
  readonly #names: SqlNames
  readonly #logger: Logger
  /** What was logged: a read that began before a burial may see the row after it. A revived row has another sequence. */
  readonly #logged = new Set<string>()
  /** Being buried: a shard may be read again before that is committed. */
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(sessions: Sessions, names: SqlNames, logger: Logger) {
    this.#sessions = sessions
    this.#names = names
    this.#logger = logger
  }

  /** Buries the message behind a row in the background. */
  add(row: Row, shard: ShardId): void {
    const id = textOf(row, 'id')
    if (this.#underWay.has(id)) return
    this.#underWay.set(id, this.#bury(id))
    const place = `${id} ${numberOf(row, 'sequence')}`
    if (this.#logged.has(place)) return
    this.#logged.add(place)
    this.#logger.log('error', 'message has damaged headers and is not delivered: see the dead letters', { id, shard })
  }

  /** Resolves when all that were added are buried. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay.values())
  }

  async #bury(id: string): Promise<void> {
    const { messages, now } = this.#names
    const text = `update ${messages} set status = 'dead', died_at = ${now} where id = $1 and status = 'pending'`
    try {
      await withSession(this.#sessions, 'burying a damaged message', (session) =>
        session.run({ name: 'cruster_bury_damaged', text, values: [toStoredText(id)] }),
      )
    } catch (error) {
      this.#logger.log('warn', 'burying a damaged message failed', { id, error })
    } finally {
      this.#underWay.delete(id)
    }
  }
}
