import type { RequestId } from '@cruster/core'
import type {
  BuryMessage,
  CancelMessage,
  CompleteMessage,
  CountAttempt,
  ExpectState,
  Operation,
  PutState,
  ReviveMessage,
  SaveMessage,
  SaveReply,
  UnitResult,
} from '@cruster/core/ports'
import { addressOf, bytesOf, optional } from '../row-values.ts'
import { statusOf } from '../table/message-row.ts'
import type { Tables } from '../table/tables.ts'
import { applyToExecution } from './apply-execution.ts'

/** Why a unit cannot be applied. */
export type Refusal = Exclude<UnitResult, { readonly kind: 'applied' }>

/** A refusal, with nothing written; the sequence that a message got; or nothing to tell. */
export function applyOperation(tables: Tables, operation: Operation, now: number): Refusal | number | undefined {
  switch (operation.kind) {
    case 'saveMessage':
      return saveMessage(tables, operation, now)
    case 'reviveMessage':
      return reviveMessage(tables, operation)
    case 'saveReply':
      return saveReply(tables, operation, now)
    case 'buryMessage':
      return buryMessage(tables, operation, now)
    case 'putState':
    case 'expectState':
      return applyToState(tables, operation)
    case 'completeMessage':
    case 'cancelMessage':
    case 'countAttempt':
      return retireOrCount(tables, operation, now)
    default:
      return applyToExecution(tables, operation, now)
  }
}

function applyToState({ states }: Tables, operation: PutState | ExpectState): Refusal | undefined {
  const isApplied =
    operation.kind === 'putState' ? states.put(operation) : states.version(operation.address) === operation.version
  return isApplied ? undefined : stale(operation)
}

function retireOrCount(
  { messages }: Tables,
  operation: CancelMessage | CompleteMessage | CountAttempt,
  now: number,
): Refusal | undefined {
  const { id } = operation
  switch (operation.kind) {
    case 'completeMessage':
      return complete(messages, operation, now) ? undefined : gone(id)
    case 'cancelMessage':
      return messages.retire(id, 'cancelled', now) || operation.ifPending === true ? undefined : gone(id)
    case 'countAttempt':
      return messages.countAttempt(id) ? undefined : gone(id)
  }
}

function complete(messages: Tables['messages'], { id, forget }: CompleteMessage, now: number): boolean {
  return forget === true ? messages.forget(id) : messages.retire(id, 'completed', now)
}

function saveMessage(tables: Tables, { message, ifNew }: SaveMessage, now: number): Refusal | number {
  const known = findKnown(tables, message.id)
  if (known !== undefined) return ifNew === true ? 0 : known
  const sequence = tables.shards.nextSequence(message.address.shard)
  tables.messages.insert(message, sequence, now)
  return sequence
}

function saveReply(tables: Tables, operation: SaveReply, now: number): Refusal | undefined {
  const isSaved = tables.replies.save({ ...operation, storedAt: now }, now + operation.retainMs)
  return isSaved ? undefined : findKnown(tables, operation.id)
}

/** The exit of a dead letter answers later callers; it does not expire, because the letter does not. */
function buryMessage(tables: Tables, { id, exit }: BuryMessage, now: number): Refusal | undefined {
  const row = tables.messages.find(id)
  if (row === undefined || statusOf(row) !== 'pending') return gone(id)
  const reply = { id, address: addressOf(row), digest: optional(row, 'digest', bytesOf), exit, storedAt: now }
  if (!tables.replies.save(reply)) return findKnown(tables, id)
  tables.messages.bury(id, now)
  return undefined
}

function reviveMessage(tables: Tables, { id }: ReviveMessage): Refusal | number {
  const row = tables.messages.find(id)
  if (row === undefined || statusOf(row) !== 'dead') return gone(id)
  const sequence = tables.shards.nextSequence(addressOf(row).shard)
  tables.messages.revive(id, sequence)
  tables.replies.delete(id)
  return sequence
}

/** What is known of an id: a message, a reply, or both. A reply may outlive its message. */
function findKnown(tables: Tables, id: RequestId): Refusal | undefined {
  const message = tables.messages.find(id)
  const reply = tables.replies.find(id)
  if (message === undefined && reply === undefined) return undefined
  const digest = message === undefined ? undefined : optional(message, 'digest', bytesOf)
  return { kind: 'duplicate', id, digest: digest ?? reply?.digest, exit: reply?.exit }
}

function gone(id: RequestId): Refusal {
  return { kind: 'gone', id }
}

function stale({ address }: ExpectState | PutState): Refusal {
  return { kind: 'stale', address }
}
