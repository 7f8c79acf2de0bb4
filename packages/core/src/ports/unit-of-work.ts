import type { EntityAddress } from '../address/entity-address.ts'
import type { RequestId } from '../address/identifiers.ts'
import type { Epoch, ShardId } from '../address/shard-id.ts'
import type { ExecutionRecord } from './execution.ts'
import type { NewMessage } from './stored-message.ts'

/** Under which ownership a unit may be applied: only while `epoch` is the newest claim on `shard`. */
export interface Fence {
  readonly shard: ShardId
  readonly epoch: Epoch
}

/**
 * Stores a message. Refuses the unit as `duplicate` when its id is known, unless `ifNew` says to skip it then. An id is
 * known as long as its message or its reply is kept.
 */
export interface SaveMessage {
  readonly kind: 'saveMessage'
  readonly message: NewMessage
  readonly ifNew?: boolean
}

/** Replaces an entity's state. Refuses the unit as `stale` unless the stored version is `version - 1` (0: none). */
export interface PutState {
  readonly kind: 'putState'
  readonly address: EntityAddress
  readonly version: number
  readonly state: Uint8Array
}

/**
 * Says which state the rest of the unit was built on without changing it. Refuses the unit as `stale` unless the stored
 * version is `version`. For work that was done on a state whose own commit was still under way.
 */
export interface ExpectState {
  readonly kind: 'expectState'
  readonly address: EntityAddress
  readonly version: number
}

/** Records the outcome of a request. Refuses the unit as `duplicate` when one is recorded already. */
export interface SaveReply {
  readonly kind: 'saveReply'
  readonly id: RequestId
  readonly address: EntityAddress
  readonly digest?: Uint8Array | undefined
  readonly exit: Uint8Array
  readonly retainMs: number
}

/**
 * Retires a pending message. Refuses the unit as `gone` when it is not pending. One to `forget` is removed at once, instead of
 * when its retention has passed: a reply that is recorded with it keeps its id known.
 */
export interface CompleteMessage {
  readonly kind: 'completeMessage'
  readonly id: RequestId
  readonly forget?: boolean
}

/**
 * Makes sure that a pending message is never delivered. Refuses the unit as `gone` when it is not pending, unless
 * `ifPending` says to skip it then.
 */
export interface CancelMessage {
  readonly kind: 'cancelMessage'
  readonly id: RequestId
  readonly ifPending?: boolean
}

/** Counts a redelivery of a pending message before it is made. Refuses the unit as `gone` when it is not pending. */
export interface CountAttempt {
  readonly kind: 'countAttempt'
  readonly id: RequestId
}

/**
 * Gives a pending message up, with the exit that its callers receive. Refuses the unit as `gone` if not pending, as
 * `duplicate` if it is answered. The reply of a dead letter is kept until the letter is revived.
 */
export interface BuryMessage {
  readonly kind: 'buryMessage'
  readonly id: RequestId
  readonly exit: Uint8Array
}

/**
 * Makes a dead letter pending again: no attempts, no reply, the next sequence of its shard. Refuses the unit as `gone`
 * when it is not dead.
 */
export interface ReviveMessage {
  readonly kind: 'reviveMessage'
  readonly id: RequestId
}

/**
 * Adds entries to the journal of an execution; the first gets `position`, positions are dense from 1. Refuses the unit as
 * `stale` unless the last position stored is `position - 1` (0: none). An entry is bytes of any content.
 */
export interface AppendJournal {
  readonly kind: 'appendJournal'
  readonly address: EntityAddress
  readonly position: number
  readonly entries: readonly Uint8Array[]
}

/** Removes the entries with larger positions from the journal of an execution: all, if `position` is 0. */
export interface TruncateJournal {
  readonly kind: 'truncateJournal'
  readonly address: EntityAddress
  readonly position: number
}

/** Puts the record of an execution in the place of the one before, if there was one. */
export interface PutExecution {
  readonly kind: 'putExecution'
  readonly address: EntityAddress
  readonly record: ExecutionRecord
}

/** Removes the record and the journal of an execution, whatever there is of them. */
export interface DeleteExecution {
  readonly kind: 'deleteExecution'
  readonly address: EntityAddress
}

/** An operation about an execution of a workflow. */
export type ExecutionOperation = AppendJournal | TruncateJournal | PutExecution | DeleteExecution

/** One durable effect, as a part of a {@link Unit}. */
export type Operation =
  | SaveMessage
  | PutState
  | ExpectState
  | SaveReply
  | CompleteMessage
  | CancelMessage
  | CountAttempt
  | BuryMessage
  | ReviveMessage
  | ExecutionOperation

/**
 * Effects that happen together or not at all. Only `saveMessage` and `reviveMessage` may stand in a unit without a
 * fence: everybody may send, only the owner may do anything else; a unit without a fence that holds other operations is
 * rejected with StorageError. The owner may complete and cancel messages of other shards too: it is not checked.
 */
export interface Unit {
  readonly fence?: Fence
  readonly operations: readonly Operation[]
}

/** What became of a unit. Everything but `applied` means: nothing of it was stored. */
export type UnitResult =
  | {
      readonly kind: 'applied'
      /** Sequences of the messages saved or revived, in order; 0 for one that `ifNew` skipped. */
      readonly sequences: readonly number[]
    }
  /** The shard was claimed with a larger epoch, or never with this one. */
  | { readonly kind: 'fenced'; readonly shard: ShardId }
  /** The id is known: its digest, and the recorded exit if it is answered. */
  | {
      readonly kind: 'duplicate'
      readonly id: RequestId
      readonly digest?: Uint8Array | undefined
      readonly exit?: Uint8Array | undefined
    }
  /** The stored state has another version than the unit was built on, or the journal ends at another position. */
  | { readonly kind: 'stale'; readonly address: EntityAddress }
  | { readonly kind: 'gone'; readonly id: RequestId }
