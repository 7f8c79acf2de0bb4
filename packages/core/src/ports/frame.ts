import type { EntityAddress } from '../address/entity-address.ts'
import type { InstanceId, RequestId, RunnerAddress } from '../address/identifiers.ts'
import type { Epoch, ShardId } from '../address/shard-id.ts'
import type { TraceContext } from './tracer.ts'

/** Numbers a call on its connection; chosen by the side that opened the connection. */
export type CallId = number

/** First frame in each direction: who is speaking, and which version of this protocol. */
export interface Hello {
  readonly kind: 'hello'
  readonly protocol: 1
  readonly instanceId: InstanceId
}

/** Asks for a method of an entity. The receiver executes it or says `notMine`; it never routes it on. */
export interface RequestFrame {
  readonly kind: 'request'
  readonly call: CallId
  readonly id: RequestId
  readonly address: EntityAddress
  readonly method: string
  readonly payload: Uint8Array
  readonly headers: Readonly<Record<string, string>>
  readonly trace?: TraceContext | undefined
  /** Time left to the caller, in milliseconds. */
  readonly timeoutMs: number
  /** 1 as long as no earlier try can have started it. Later ones look for a stored reply before anything runs. */
  readonly attempt: number
  /** Where the call comes from: decides which methods it may see. */
  readonly origin: 'client' | 'entity' | 'self'
  /** Mailbox lanes that wait for this call, outermost first. A call that would wait for one of them is a cycle. */
  readonly chain: readonly string[]
  /** Digest of method and payload; present when the id comes from an idempotency key. */
  readonly digest?: Uint8Array | undefined
  /** How long a recorded reply is kept. */
  readonly retainMs: number
  /** Present when the request is in storage: its sequence in the shard. */
  readonly sequence?: number | undefined
  /** Of a stored request that is not due yet: when it is, in milliseconds since 1970. */
  readonly deliverAt?: number | undefined
  /** The sender does not wait: answer as soon as the request is accepted. */
  readonly oneWay: boolean
  /** Of a stream: how many values the caller can take now. */
  readonly credit?: number | undefined
  /** Of a stream that is taken up again: how many values have arrived, and the last of them. */
  readonly resume?: StreamPosition | undefined
}

/** How far the values of a stream have arrived at its reader. */
export interface StreamPosition {
  readonly received: number
  readonly last?: Uint8Array | undefined
}

/** The end of a call: an encoded exit. */
export interface ReplyFrame {
  readonly kind: 'reply'
  readonly call: CallId
  readonly exit: Uint8Array
}

/** No answer: this runner does not own the shard. With what it knows about who does. */
export interface NotMineFrame {
  readonly kind: 'notMine'
  readonly call: CallId
  readonly shard: ShardId
  readonly owner?: { readonly address: RunnerAddress; readonly epoch: Epoch } | undefined
  /** It was this runner's until now: the request is stored, or its outcome may be, for the next owner to find. */
  readonly mayHaveStarted?: boolean | undefined
}

/** Values of a stream; `sequence` is the number of the first of them, from 0. */
export interface ChunkFrame {
  readonly kind: 'chunk'
  readonly call: CallId
  readonly sequence: number
  readonly values: readonly Uint8Array[]
}

/** The reader of a stream has taken all values before `received` and can take `credit` more after those. */
export interface CreditFrame {
  readonly kind: 'credit'
  readonly call: CallId
  readonly received: number
  readonly credit: number
}

/** The caller does not want the answer any more. */
export interface CancelFrame {
  readonly kind: 'cancel'
  readonly call: CallId
}

/** One item on a line between two runners. */
export type Frame = Hello | RequestFrame | ReplyFrame | NotMineFrame | ChunkFrame | CreditFrame | CancelFrame
