import type { ShardId } from '@cruster/core'
import type {
  ClaimResult,
  ExecutionOperation,
  ExecutionRecord,
  ExpectState,
  Fence,
  MessageStatus,
  NewMessage,
  Operation,
  PruneResult,
  PutState,
  CompleteMessage,
  ReviveMessage,
  SaveMessage,
  SaveReply,
  Unit,
  UnitResult,
} from '@cruster/core/ports'

type Refusal = Exclude<UnitResult, { readonly kind: 'applied' }>
type Reply = Pick<SaveReply, 'address' | 'digest' | 'exit'> & { readonly expires: boolean }

interface Message {
  readonly message: NewMessage
  readonly sequence: number
  readonly attempts: number
  readonly status: MessageStatus
}

/** All that a storage remembers, as plain maps. */
interface Contents {
  readonly epochs: Map<ShardId, number>
  readonly sequences: Map<ShardId, number>
  readonly states: Map<string, { readonly version: number; readonly state: Uint8Array }>
  readonly messages: Map<string, Message>
  readonly replies: Map<string, Reply>
  readonly journals: Map<string, readonly Uint8Array[]>
  readonly executions: Map<string, ExecutionRecord>
}

/**
 * The port of storage in the fewest words: what a real one has to agree with, whatever is done to it.
 *
 * It knows no time. Retention is 0, which has always passed, or long, which never has.
 */
export class StorageModel {
  #contents: Contents = {
    epochs: new Map(),
    sequences: new Map(),
    states: new Map(),
    messages: new Map(),
    replies: new Map(),
    journals: new Map(),
    executions: new Map(),
  }

  get contents(): Contents {
    return this.#contents
  }

  claim(fences: readonly Fence[]): readonly ClaimResult[] {
    const { epochs } = this.#contents
    return fences.map(({ shard, epoch }) => {
      if (epoch < (epochs.get(shard) ?? 0)) return 'fenced'
      epochs.set(shard, epoch)
      return 'claimed'
    })
  }

  commit(units: readonly Unit[]): readonly UnitResult[] {
    return units.map((unit) => this.#commitUnit(unit))
  }

  prune(): PruneResult {
    const { messages, replies } = this.#contents
    const oldMessages = [...messages].filter(
      ([, { message, status }]) => (status === 'completed' || status === 'cancelled') && message.retainMs === 0,
    )
    const oldReplies = [...replies].filter(([, reply]) => reply.expires)
    for (const [id] of oldMessages) messages.delete(id)
    for (const [id] of oldReplies) replies.delete(id)
    const ended = [...this.#contents.executions].filter(
      ([, { status, retainMs }]) => hasEnded(status) && retainMs === 0,
    )
    for (const [id] of ended) deleteExecution(this.#contents, id)
    return { messages: oldMessages.length, replies: oldReplies.length, executions: ended.length }
  }

  #commitUnit({ fence, operations }: Unit): UnitResult {
    if (fence !== undefined && this.#contents.epochs.get(fence.shard) !== fence.epoch)
      return { kind: 'fenced', shard: fence.shard }
    const draft = copy(this.#contents)
    const sequences: number[] = []
    for (const operation of operations) {
      const effect = apply(draft, operation)
      if (typeof effect === 'object') return effect
      if (effect !== undefined) sequences.push(effect)
    }
    this.#contents = draft
    return { kind: 'applied', sequences }
  }
}

function copy({ epochs, sequences, states, messages, replies, journals, executions }: Contents): Contents {
  return {
    epochs: new Map(epochs),
    sequences: new Map(sequences),
    states: new Map(states),
    messages: new Map(messages),
    replies: new Map(replies),
    journals: new Map(journals),
    executions: new Map(executions),
  }
}

function apply(to: Contents, operation: Operation): Refusal | number | undefined {
  switch (operation.kind) {
    case 'putState':
    case 'expectState':
      return applyToState(to, operation)
    case 'saveMessage':
      return saveMessage(to, operation)
    case 'saveReply':
      return saveReply(to, operation)
    case 'reviveMessage':
      return revive(to, operation)
    case 'appendJournal':
    case 'truncateJournal':
    case 'putExecution':
    case 'deleteExecution':
      return applyToExecution(to, operation)
    default:
      return applyToPending(to, operation)
  }
}

function applyToState({ states }: Contents, operation: PutState | ExpectState): Refusal | undefined {
  const { kind, address, version } = operation
  const found = states.get(address.id)?.version ?? 0
  if (found !== (kind === 'putState' ? version - 1 : version)) return { kind: 'stale', address }
  if (kind === 'putState') states.set(address.id, { version, state: operation.state })
  return undefined
}

function applyToExecution(to: Contents, operation: ExecutionOperation): Refusal | undefined {
  const { address } = operation
  const journal = to.journals.get(address.id) ?? []
  switch (operation.kind) {
    case 'appendJournal':
      if (journal.length !== operation.position - 1) return { kind: 'stale', address }
      to.journals.set(address.id, [...journal, ...operation.entries])
      return undefined
    case 'truncateJournal':
      to.journals.set(address.id, journal.slice(0, operation.position))
      return undefined
    case 'putExecution':
      to.executions.set(address.id, operation.record)
      return undefined
    case 'deleteExecution':
      deleteExecution(to, address.id)
      return undefined
  }
}

function deleteExecution({ journals, executions }: Contents, id: string): void {
  journals.delete(id)
  executions.delete(id)
}

const hasEnded = (status: ExecutionRecord['status']): boolean => status !== 'running' && status !== 'paused'

function saveMessage(to: Contents, { message, ifNew }: SaveMessage): Refusal | number {
  const known = knownOf(to, message.id)
  if (known !== undefined) return ifNew === true ? 0 : known
  const sequence = nextSequence(to, message.address.shard)
  to.messages.set(message.id, { message, sequence, attempts: 0, status: 'pending' })
  return sequence
}

function saveReply(to: Contents, reply: SaveReply): Refusal | undefined {
  if (to.replies.has(reply.id)) return knownOf(to, reply.id)
  to.replies.set(reply.id, { ...reply, expires: reply.retainMs === 0 })
  return undefined
}

function revive(to: Contents, { id }: ReviveMessage): Refusal | number {
  const dead = to.messages.get(id)
  if (dead?.status !== 'dead') return { kind: 'gone', id }
  const sequence = nextSequence(to, dead.message.address.shard)
  to.messages.set(id, { ...dead, sequence, attempts: 0, status: 'pending' })
  to.replies.delete(id)
  return sequence
}

type OnPending = Extract<
  Operation,
  { readonly kind: 'completeMessage' | 'cancelMessage' | 'countAttempt' | 'buryMessage' }
>

function applyToPending(to: Contents, operation: OnPending): Refusal | undefined {
  const { id } = operation
  const pending = to.messages.get(id)
  if (pending?.status !== 'pending') {
    const isSkipped = operation.kind === 'cancelMessage' && operation.ifPending === true
    return isSkipped ? undefined : { kind: 'gone', id }
  }
  switch (operation.kind) {
    case 'completeMessage':
      complete(to, operation)
      return undefined
    case 'cancelMessage':
      to.messages.set(id, { ...pending, status: 'cancelled' })
      return undefined
    case 'countAttempt':
      to.messages.set(id, { ...pending, attempts: pending.attempts + 1 })
      return undefined
    case 'buryMessage': {
      if (to.replies.has(id)) return knownOf(to, id)
      const { address, digest } = pending.message
      to.messages.set(id, { ...pending, status: 'dead' })
      to.replies.set(id, { address, digest, exit: operation.exit, expires: false })
      return undefined
    }
  }
}

function complete({ messages }: Contents, { id, forget }: CompleteMessage): void {
  const message = messages.get(id)
  if (forget === true) messages.delete(id)
  else if (message !== undefined) messages.set(id, { ...message, status: 'completed' })
}

function knownOf(to: Contents, id: NewMessage['id']): Refusal | undefined {
  const message = to.messages.get(id)?.message
  const reply = to.replies.get(id)
  if (message === undefined && reply === undefined) return undefined
  return { kind: 'duplicate', id, digest: message?.digest ?? reply?.digest, exit: reply?.exit }
}

function nextSequence({ sequences }: Contents, shard: ShardId): number {
  const next = (sequences.get(shard) ?? 0) + 1
  sequences.set(shard, next)
  return next
}
