import type { EntityAddress } from '../address/entity-address.ts'
import type { RequestId } from '../address/identifiers.ts'
import type { ShardId } from '../address/shard-id.ts'
import type { TraceContext } from './tracer.ts'

/** A message before storage has seen it. */
export interface NewMessage {
  readonly id: RequestId
  readonly address: EntityAddress
  readonly method: string
  /** Encoded input. */
  readonly payload: Uint8Array
  /** Digest of method and payload; present when the id comes from an idempotency key. */
  readonly digest?: Uint8Array | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly trace?: TraceContext | undefined
  /** When it becomes due, in milliseconds since 1970; absent: at once. */
  readonly deliverAt?: number | undefined
  /** True when nobody waits for the reply: an undeclared error is then a failed delivery, not an answer. */
  readonly oneWay: boolean
  /** How long the reply is kept once it is answered, and the message if it is not forgotten then. */
  readonly retainMs: number
}

/** A message as storage keeps it. */
export interface StoredMessage extends NewMessage {
  /** Position in its shard: dense, from 1, in the order in which messages became visible. */
  readonly sequence: number
  /** Redeliveries counted so far. The first delivery needs no count. */
  readonly attempts: number
  /** Milliseconds until it is due, by storage's clock at the time of reading; 0 when due. */
  readonly dueInMs: number
  readonly storedAt: number
}

/** `pending` → `completed`, `cancelled` or `dead`; `dead` → `pending` by a redrive. */
export type MessageStatus = 'pending' | 'completed' | 'cancelled' | 'dead'

/** A message that was given up, with the failure that was its last. */
export interface DeadLetter {
  readonly message: StoredMessage
  /** Encoded exit, as callers of the message receive it; undefined when storage itself put a damaged row aside. */
  readonly exit: Uint8Array | undefined
  readonly diedAt: number
}

/** A message with its fate, for people and tools. */
export interface MessageRecord {
  readonly message: StoredMessage
  readonly status: MessageStatus
}

/** The recorded outcome of a request: what every later caller with the same id receives. */
export interface StoredReply {
  readonly id: RequestId
  readonly address: EntityAddress
  readonly digest?: Uint8Array | undefined
  /** Encoded exit. */
  readonly exit: Uint8Array
  readonly storedAt: number
}

/** A page of the pending messages of one shard. */
export interface PendingQuery {
  readonly shard: ShardId
  /** Only messages with a larger sequence. 0 reads from the start. */
  readonly after: number
  /** Leaves out messages that become due later than this. */
  readonly dueWithinMs: number
  readonly limit: number
}

/** Which messages a person or tool wants to see: those that agree in every field given. */
export interface MessageFilter {
  readonly type?: string
  readonly id?: string
  readonly method?: string
  readonly status?: MessageStatus
  readonly limit: number
}
