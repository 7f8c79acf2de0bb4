import type { MessageFilter, MessageStatus } from '@cruster/core/ports'
import type { RequestId } from '@cruster/core'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Statement } from '../session/session.ts'
import { toStoredText } from '../stored-text.ts'
import { Conditions } from './conditions.ts'

const columns = [
  'position',
  'id',
  'shard',
  'sequence',
  'type',
  'entity',
  'method',
  'payload',
  'digest',
  'headers',
  'trace',
  'deliver_at',
  'one_way',
  'retain_ms',
  'attempts',
  'stored_at',
  'status',
  'died_at',
].join(', ')

// Literals, because only they let PostgreSQL use a partial index; looked up, so that nothing but these gets into the text.
const statusConditions: Readonly<Record<MessageStatus, string>> = {
  pending: "status = 'pending'",
  completed: "status = 'completed'",
  cancelled: "status = 'cancelled'",
  dead: "status = 'dead'",
}

/** Makes the statements by which people and tools read messages. */
export class MessageQueries {
  readonly #select: string
  readonly #replies: string

  constructor({ messages, replies, now }: SqlNames) {
    const dueInMs = `coalesce(greatest(0, deliver_at - ${now}), 0) as due_in_ms`
    this.#select = `select ${columns}, ${dueInMs} from ${messages}`
    this.#replies = replies
  }

  find(id: RequestId): Statement {
    return { name: 'cruster_find_message', text: `${this.#select} where id = $1`, values: [toStoredText(id)] }
  }

  /**
   * Messages that match a filter, newest first. It walks back from the newest row, so a filter that matches little reads
   * much. Dead letters have an index.
   */
  list(filter: MessageFilter): Statement {
    const { where, values } = conditionsOf(filter)
    const order = filter.status === 'dead' ? 'died_at desc, position desc' : 'position desc'
    const text = `${this.#select} ${where} order by ${order} limit $${values.length + 1}`
    return { text, values: [...values, filter.limit] }
  }

  /** With the exit of each, which a letter that storage itself put aside does not have. */
  deadLetters(filter: Omit<MessageFilter, 'status'>): Statement {
    const { text, values = [] } = this.list({ ...filter, status: 'dead' })
    const order = 'order by d.died_at desc, d.position desc'
    return {
      text: `select d.*, r.exit from (${text}) d left join ${this.#replies} r on r.id = d.id ${order}`,
      values,
    }
  }
}

function conditionsOf({ type, id, method, status }: MessageFilter): Conditions {
  const conditions = new Conditions()
  conditions.add('type = ?', type === undefined ? undefined : toStoredText(type))
  conditions.add('entity = ?', id === undefined ? undefined : toStoredText(id))
  conditions.add('method = ?', method === undefined ? undefined : toStoredText(method))
  if (status !== undefined) conditions.add(statusConditions[status])
  return conditions
}
