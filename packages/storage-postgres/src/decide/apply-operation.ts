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
import { applyToExecution } from './apply-to-execution.ts'
import type { Draft } from './draft.ts'
import type { Ticket } from './effects.ts'

/** Why a unit cannot be applied. */
export type Refusal = Exclude<UnitResult, { readonly kind: 'applied' }>

/** What an operation does: nothing to tell, the sequence that a message gets (`skipped`: none), or a refusal. */
export type Effect = { readonly refusal: Refusal } | { readonly ticket: Ticket | 'skipped' } | undefined

/** Applies an operation to the draft. One that refuses has changed nothing. */
export function applyOperation(draft: Draft, operation: Operation): Effect {
  switch (operation.kind) {
    case 'saveMessage':
      return saveMessage(draft, operation)
    case 'reviveMessage':
      return reviveMessage(draft, operation)
    case 'saveReply':
      return saveReply(draft, operation)
    case 'buryMessage':
      return buryMessage(draft, operation)
    case 'putState':
    case 'expectState':
      return applyToState(draft, operation)
    case 'completeMessage':
    case 'cancelMessage':
    case 'countAttempt':
      return retireOrCount(draft, operation)
    default:
      return applyToExecution(draft, operation)
  }
}

function applyToState(draft: Draft, operation: PutState | ExpectState): Effect {
  const { address, kind, version } = operation
  const base = kind === 'putState' ? version - 1 : version
  if (draft.version(address, base) !== base) return { refusal: { kind: 'stale', address } }
  if (kind === 'putState') draft.putState(operation)
  return undefined
}

function retireOrCount(draft: Draft, operation: CancelMessage | CompleteMessage | CountAttempt): Effect {
  const { id } = operation
  if (draft.status(id, 'pending') !== 'pending') {
    const isSkipped = operation.kind === 'cancelMessage' && operation.ifPending === true
    return isSkipped ? undefined : gone(id)
  }
  switch (operation.kind) {
    case 'completeMessage':
      draft.changeMessage(id, { status: operation.forget === true ? 'forgotten' : 'completed' })
      return undefined
    case 'cancelMessage':
      draft.changeMessage(id, { status: 'cancelled' })
      return undefined
    case 'countAttempt':
      draft.changeMessage(id, { attempts: draft.message(id).attempts + 1 })
      return undefined
  }
}

function saveMessage(draft: Draft, { message, ifNew }: SaveMessage): Effect {
  const known = findKnown(draft, message.id)
  if (known === undefined) return { ticket: draft.insertMessage(message) }
  return ifNew === true ? { ticket: 'skipped' } : { refusal: known() }
}

function saveReply(draft: Draft, { id, address, digest, exit, retainMs }: SaveReply): Effect {
  if (draft.reply(id) !== undefined) return duplicate(draft, id)
  draft.insertReply({ id, address, digest, exit, retainMs })
  return undefined
}

/** The exit of a dead letter answers later callers; it does not expire, because the letter does not. */
function buryMessage(draft: Draft, { id, exit }: BuryMessage): Effect {
  if (draft.status(id, 'pending') !== 'pending') return gone(id)
  if (draft.reply(id) !== undefined) return duplicate(draft, id)
  draft.insertReply({ id, ...draft.identity(id), exit, retainMs: undefined })
  draft.changeMessage(id, { status: 'dead' })
  return undefined
}

function reviveMessage(draft: Draft, { id }: ReviveMessage): Effect {
  if (draft.status(id, 'dead') !== 'dead') return gone(id)
  draft.deleteReply(id)
  return { ticket: draft.reviveMessage(id) }
}

/** How to tell what is known of an id: a message, a reply, or both. A reply may outlive its message. */
function findKnown(draft: Draft, id: RequestId): (() => Refusal) | undefined {
  const isStored = draft.status(id, undefined) !== undefined
  const reply = draft.reply(id)
  if (!isStored && reply === undefined) return undefined
  return () => {
    const digest = isStored ? draft.identity(id).digest : undefined
    return { kind: 'duplicate', id, digest: digest ?? reply?.digest, exit: reply?.exit }
  }
}

function duplicate(draft: Draft, id: RequestId): Effect {
  const known = findKnown(draft, id)
  return known && { refusal: known() }
}

function gone(id: RequestId): Effect {
  return { refusal: { kind: 'gone', id } }
}
