import type { EntityAddress, RequestId, ShardId } from '@cruster/core'
import type { MessageStatus, NewMessage, PutState } from '@cruster/core/ports'
import { keyOf } from './entity-key.ts'
import { ExecutionDraft } from './execution-draft.ts'
import type { Effects, MessageEffect, ReplyEffect, StateEffect, Ticket } from './effects.ts'
import type { Facts, MessageIdentity, ReplyIdentity } from './facts.ts'
import { inOrder } from './in-order.ts'
import { UndoableMap } from './undoable-map.ts'

/** A reply that the batch adds, or one of the database that it deletes; both when one takes the place of the other. */
interface ReplyDraft {
  readonly added: ReplyEffect | undefined
  readonly isDeleted: boolean
}

/** The database as it will be: the facts, with what the units so far make of them laid over. */
export class Draft {
  readonly executions: ExecutionDraft
  readonly #facts: Facts
  readonly #states = new UndoableMap<string, StateEffect>()
  readonly #messages = new UndoableMap<RequestId, MessageEffect>()
  readonly #replies = new UndoableMap<RequestId, ReplyDraft>()
  readonly #taken = new UndoableMap<ShardId, number>()

  constructor(facts: Facts) {
    this.#facts = facts
    this.executions = new ExecutionDraft(facts)
  }

  version(address: EntityAddress, hoped: number): number {
    return this.#states.get(keyOf(address))?.version ?? this.#facts.version(address, hoped)
  }

  putState({ address, version, state }: PutState): void {
    const key = keyOf(address)
    const from = this.#states.get(key)?.from ?? version - 1
    this.#states.set(key, { address, from, version, state })
  }

  status(id: RequestId, hoped: MessageStatus | undefined): MessageStatus | undefined {
    return this.#messages.get(id)?.status ?? this.#facts.status(id, hoped)
  }

  identity(id: RequestId): MessageIdentity {
    const message = this.#messages.get(id)?.message
    return message === undefined ? this.#facts.identity(id) : { address: message.address, digest: message.digest }
  }

  insertMessage(message: NewMessage): Ticket {
    const { id } = message
    const ticket = this.#take(message.address.shard)
    this.#messages.set(id, { id, from: undefined, status: 'pending', ticket, attempts: 0, isRevived: false, message })
    return ticket
  }

  changeMessage(id: RequestId, change: Partial<Pick<MessageEffect, 'status' | 'attempts'>>): void {
    this.#messages.set(id, { ...this.message(id), ...change })
  }

  message(id: RequestId): MessageEffect {
    const known = this.#messages.get(id)
    if (known !== undefined) return known
    const status = this.#facts.status(id, 'pending') ?? 'pending'
    return { id, from: status, status, ticket: undefined, attempts: 0, isRevived: false, message: undefined }
  }

  reviveMessage(id: RequestId): Ticket {
    const ticket = this.#take(this.identity(id).address.shard)
    this.#messages.set(id, { ...this.message(id), status: 'pending', ticket, attempts: 0, isRevived: true })
    return ticket
  }

  reply(id: RequestId): ReplyIdentity | undefined {
    const draft = this.#replies.get(id)
    return draft === undefined ? this.#facts.reply(id) : draft.added
  }

  insertReply(added: ReplyEffect): void {
    this.#replies.set(added.id, { added, isDeleted: this.#replies.get(added.id)?.isDeleted ?? false })
  }

  deleteReply(id: RequestId): void {
    const draft = this.#replies.get(id)
    const isDeleted = draft?.isDeleted ?? this.#facts.reply(id) !== undefined
    this.#replies.set(id, { added: undefined, isDeleted })
  }

  /** The unit so far is applied. */
  keep(): void {
    for (const map of this.#all()) map.keep()
  }

  /** The unit so far is refused. */
  undo(): void {
    for (const map of this.#all()) map.undo()
  }

  effects(): Effects {
    const messages = [...this.#messages.values()]
    const replies = [...this.#replies.entries()]
    return {
      taken: new Map(sorted([...this.#taken.entries()])),
      states: sorted([...this.#states.entries()]).map(([, state]) => state),
      // Not sorted: rows get their positions in the order of their messages. Those of a shard wait for its counter anyhow.
      newMessages: messages.filter(({ from }) => from === undefined),
      changedMessages: messages.filter(({ from }) => from !== undefined).toSorted((a, b) => inOrder(a.id, b.id)),
      deletedReplies: sorted(replies.filter(([, { isDeleted }]) => isDeleted)).map(([id]) => id),
      executions: this.executions.executions(),
      journals: this.executions.journals(),
      newReplies: sorted(replies).flatMap(([, { added }]) => (added === undefined ? [] : [added])),
    }
  }

  #all(): readonly { keep(): void; undo(): void }[] {
    return [this.#states, this.#messages, this.#replies, this.#taken, this.executions]
  }

  #take(shard: ShardId): Ticket {
    const nth = (this.#taken.get(shard) ?? 0) + 1
    this.#taken.set(shard, nth)
    return { shard, nth }
  }
}

function sorted<Key extends string, Value>(entries: readonly (readonly [Key, Value])[]): (readonly [Key, Value])[] {
  return entries.toSorted(([one], [other]) => inOrder(one, other))
}
