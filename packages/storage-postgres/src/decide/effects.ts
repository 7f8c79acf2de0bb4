import type { EntityAddress, RequestId, ShardId } from '@cruster/core'
import type { MessageStatus, NewMessage } from '@cruster/core/ports'
import type { ExecutionEffect, JournalEffect } from './execution-effects.ts'

/** A sequence that is not known yet: the n-th, from 1, that a batch takes of a shard. */
export interface Ticket {
  readonly shard: ShardId
  readonly nth: number
}

export interface StateEffect {
  readonly address: EntityAddress
  /** The version in the database, 0 for none. */
  readonly from: number
  readonly version: number
  readonly state: Uint8Array
}

/** How a message ends up. `from` is its status in the database; undefined for one that is not there yet. */
export interface MessageEffect {
  readonly id: RequestId
  readonly from: MessageStatus | undefined
  /** `forgotten`: it is not there any more. */
  readonly status: MessageStatus | 'forgotten'
  /** Its new place; undefined: it keeps the one it has. */
  readonly ticket: Ticket | undefined
  /** Redeliveries counted in the batch, on top of those before unless it was revived. */
  readonly attempts: number
  readonly isRevived: boolean
  /** What is stored, of one that is not there yet. */
  readonly message: NewMessage | undefined
}

export interface ReplyEffect {
  readonly id: RequestId
  readonly address: EntityAddress
  readonly digest: Uint8Array | undefined
  readonly exit: Uint8Array
  /** Undefined: until it is deleted. */
  readonly retainMs: number | undefined
}

/** What a batch of units changes: each row at most once, sorted by key, so that all batches lock in the same order. */
export interface Effects {
  /** How many sequences the batch takes of each shard. */
  readonly taken: ReadonlyMap<ShardId, number>
  readonly states: readonly StateEffect[]
  readonly newMessages: readonly MessageEffect[]
  readonly changedMessages: readonly MessageEffect[]
  /** Those that go. */
  readonly forgottenMessages: readonly MessageEffect[]
  /** Those of the new ones that take the place of one that goes. */
  readonly replacedMessages: readonly RequestId[]
  readonly deletedReplies: readonly RequestId[]
  readonly newReplies: readonly ReplyEffect[]
  readonly executions: readonly ExecutionEffect[]
  readonly journals: readonly JournalEffect[]
}

/** Whether nothing is written. */
export function areEmpty({ taken, ...lists }: Effects): boolean {
  return taken.size === 0 && Object.values(lists).every((list) => list.length === 0)
}
