import type { EntityAddress, RequestId } from '@cruster/core'
import type { Fence, MessageStatus } from '@cruster/core/ports'

/** What a message is known by. */
export interface MessageIdentity {
  readonly address: EntityAddress
  readonly digest: Uint8Array | undefined
}

/** What a reply is known by. */
export interface ReplyIdentity {
  readonly digest: Uint8Array | undefined
  readonly exit: Uint8Array
}

/**
 * What the database holds, as far as units ask: read before, or assumed now and verified when the effects are written.
 *
 * Each question brings the answer with which the unit would be applied; only one who assumes makes use of it.
 */
export interface Facts {
  /** Whether the fence is the newest claim of its shard. */
  accepts(fence: Fence): boolean
  /** The version of a state, 0 for none. */
  version(address: EntityAddress, hoped: number): number
  /** The last position of a journal, 0 for none. Nothing is hoped for by who would take any. */
  journalEnd(address: EntityAddress, hoped: number | undefined): number
  /** Undefined for a message that is not stored. */
  status(id: RequestId, hoped: MessageStatus | undefined): MessageStatus | undefined
  /** More of a stored message. */
  identity(id: RequestId): MessageIdentity
  /** Undefined, which is hoped for, when none is recorded. */
  reply(id: RequestId): ReplyIdentity | undefined
}
