import type { EntityAddress, RequestId, ShardId } from '@cruster/core'
import type { MessageStatus, NewMessage, PutState } from '@cruster/core/ports'
import { EntityMap, inEntityOrder } from './entity-map.ts'
import { ExecutionDraft } from './execution-draft.ts'
import type { Effects, MessageEffect, ReplyEffect, StateEffect, Ticket } from './effects.ts'
import type { Facts, MessageIdentity, ReplyIdentity } from './facts.ts'
import { inOrder } from './in-order.ts'
import { UndoableMap } from './undoable-map.ts'

/** A reply that the batch adds, or one of the database that it deletes; both when one takes the place of the other. */
interface ReplyDraft {
  readonly id: RequestId
  readonly added: ReplyEffect | undefined
  readonly isDeleted: boolean
}

/** The database as it will be: the facts, with what the units so far make of them laid over. */
export class Draft {
  readonly executions: ExecutionDraft
  readonly #facts: Facts
  readonly #states = new UndoableMap<EntityAddress, StateEffect>(new EntityMap())
  readonly #messages = new UndoableMap<RequestId, MessageEffect>()
  readonly #replies = new UndoableMap<RequestId, ReplyDraft>()
  /** The last ticket of each shard. */
  readonly #taken = new UndoableMap<ShardId, Ticket>()
  readonly #all: readonly { keep(): void; undo(): void }[]

  constructor(facts: Facts) {
    this.#facts = facts
    this.executions = new ExecutionDraft(facts)
    this.#all = [this.#states, this.#messages, this.#replies, this.#taken, this.executions]
  }

  version(address: EntityAddress, hoped: number): number {
    return this.#states.get(address)?.version ?? this.#facts.version(address, hoped)
  }

  putState({ address, version, state }: PutState): void {
    const from = this.#states.get(address)?.from ?? version - 1
    this.#states.set(address, { address, from, version, state })
  }

  status(id: RequestId, hoped: MessageStatus | undefined): MessageStatus | undefined {
    const status = this.#messages.get(id)?.status
    if (status === undefined) return this.#facts.status(id, hoped)
    return status === 'forgotten' ? undefined : status
  }

  identity(id: RequestId): MessageIdentity {
    const message = this.#messages.get(id)?.message
    return message === undefined ? this.#facts.identity(id) : { address: message.address, digest: message.digest }
  }

  insertMessage(message: NewMessage): Ticket {
    const { id } = message
    const ticket = this.#take(message.address.shard)
    // There is one before it only if that is forgotten.
    const from = this.#messages.get(id)?.from
    this.#messages.set(id, { id, from, status: 'pending', ticket, attempts: 0, isRevived: false, message })
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
    const { id } = added
    this.#replies.set(id, { id, added, isDeleted: this.#replies.get(id)?.isDeleted ?? false })
  }

  deleteReply(id: RequestId): void {
    const draft = this.#replies.get(id)
    const isDeleted = draft?.isDeleted ?? this.#facts.reply(id) !== undefined
    this.#replies.set(id, { id, added: undefined, isDeleted })
  }

  /** The unit so far is applied. */
  keep(): void {
    for (const map of this.#all) map.keep()
  }

  /** The unit so far is refused. */
  undo(): void {
    for (const map of this.#all) map.undo()
  }

  effects(): Effects {
    const messages = this.#messages.values()
    const stored = byId(messages.filter(({ from }) => from !== undefined))
    const replies = byId(this.#replies.values())
    return {
      taken: new Map(byShard(this.#taken.values()).map(({ shard, nth }) => [shard, nth])),
      states: inEntityOrder(this.#states.values()),
      // Not sorted: rows get their positions in the order of their messages. Those of a shard wait for its counter anyhow.
      newMessages: messages.filter(({ message, status }) => message !== undefined && status !== 'forgotten'),
      changedMessages: stored.filter(({ message, status }) => message === undefined && status !== 'forgotten'),
      forgottenMessages: stored.filter(({ status }) => status === 'forgotten'),
      replacedMessages: stored
        .filter(({ message, status }) => message !== undefined && status !== 'forgotten')
        .map(({ id }) => id),
      deletedReplies: replies.filter(({ isDeleted }) => isDeleted).map(({ id }) => id),
      executions: this.executions.executions(),
      journals: this.executions.journals(),
      newReplies: replies.map(({ added }) => added).filter((added) => added !== undefined),
    }
  }

  #take(shard: ShardId): Ticket {
    const ticket = { shard, nth: (this.#taken.get(shard)?.nth ?? 0) + 1 }
    this.#taken.set(shard, ticket)
    return ticket
  }
}

function byId<Value extends { readonly id: string }>(values: readonly Value[]): readonly Value[] {
  return values.length < 2 ? values : values.toSorted((one, other) => inOrder(one.id, other.id))
}

function byShard(tickets: readonly Ticket[]): readonly Ticket[] {
  return tickets.length < 2 ? tickets : tickets.toSorted((one, other) => inOrder(one.shard, other.shard))
}
