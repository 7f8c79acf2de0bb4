import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely'
import type { MessageFilter, MessageStatus } from '@cruster/core/ports'
import type { RequestId } from '@cruster/core'
import type { Database } from '../schema/database.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Statement } from '../session/session.ts'
import { toStoredText } from '../stored-text.ts'

const columns = [
  'messages.position',
  'messages.id',
  'messages.shard',
  'messages.sequence',
  'messages.type',
  'messages.entity',
  'messages.method',
  'messages.payload',
  'messages.digest',
  'messages.headers',
  'messages.trace',
  'messages.deliver_at',
  'messages.one_way',
  'messages.retain_ms',
  'messages.attempts',
  'messages.stored_at',
  'messages.status',
  'messages.died_at',
] as const

// Literals, because only they let PostgreSQL use a partial index.
const statusConditions = {
  pending: sql<boolean>`status = 'pending'`,
  completed: sql<boolean>`status = 'completed'`,
  cancelled: sql<boolean>`status = 'cancelled'`,
  dead: sql<boolean>`status = 'dead'`,
} as const satisfies Readonly<Record<MessageStatus, unknown>>

/** Makes the statements by which people and tools read messages. */
export class MessageQueries {
  readonly #database: Kysely<Database>
  readonly #now: string

  constructor({ schema, now }: SqlNames) {
    this.#now = now
    // Statements are only compiled here; sessions run them.
    const dialect = {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database: Kysely<Database>) => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    }
    this.#database = new Kysely<Database>({ dialect }).withSchema(schema)
  }

  find(id: RequestId): Statement {
    const query = this.#messages().where('messages.id', '=', toStoredText(id)).compile()
    return { name: 'cruster_find_message', text: query.sql, values: query.parameters }
  }

  /**
   * Messages that match a filter, newest first. It walks back from the newest row, so a filter that matches little reads
   * much. Dead letters have an index.
   */
  list({ type, id, method, status, limit }: MessageFilter): Statement {
    let query = this.#messages()
    if (type !== undefined) query = query.where('messages.type', '=', toStoredText(type))
    if (id !== undefined) query = query.where('messages.entity', '=', toStoredText(id))
    if (method !== undefined) query = query.where('messages.method', '=', toStoredText(method))
    if (status !== undefined) query = query.where(statusConditions[status])
    if (status === 'dead') query = query.orderBy('messages.died_at', 'desc')
    const { sql: text, parameters } = query.orderBy('messages.position', 'desc').limit(limit).compile()
    return { text, values: parameters }
  }

  /** With the exit of each, which a letter that storage itself put aside does not have. */
  deadLetters(filter: Omit<MessageFilter, 'status'>): Statement {
    const { text, values } = this.list({ ...filter, status: 'dead' })
    const replies = this.#database.selectFrom('replies').select(['id', 'exit']).compile().sql
    const order = 'order by d.died_at desc, d.position desc'
    return {
      text: `select d.*, r.exit from (${text}) d left join (${replies}) r on r.id = d.id ${order}`,
      values: values ?? [],
    }
  }

  #messages() {
    const dueInMs = sql<number>`coalesce(greatest(0, messages.deliver_at - ${sql.raw(this.#now)}), 0)`
    return this.#database.selectFrom('messages').select([...columns, dueInMs.as('due_in_ms')])
  }
}
