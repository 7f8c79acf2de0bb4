import type { EntityAddress, Epoch, RunnerAddress } from '@cruster/core'
import type { RequestFrame } from '@cruster/core/ports'

/** A request on its way to the owner of its shard, on whatever line. */
export type Request = Omit<RequestFrame, 'kind' | 'call'>

/** What a runner knows about who owns a shard. */
export interface OwnerHint {
  readonly address: RunnerAddress
  readonly epoch: Epoch
}

/** Where the answer goes. Exactly one of `reply`, `notMine` and `broken` is called, once, and nothing after it. */
export interface ReplySink {
  /** The request was executed, or refused for good: an encoded exit. */
  reply(exit: Uint8Array): void
  /** The receiver does not own the shard, or not any more. Unless `mayHaveStarted`, it has done nothing and will not. */
  notMine(address: EntityAddress, owner: OwnerHint | undefined, mayHaveStarted?: boolean): void
  /** The line broke. `sent` tells whether the request can have arrived. */
  broken(reason: Error, sent: boolean): void
  /** Values of a stream; `sequence` numbers the first of them. */
  chunk(sequence: number, values: readonly Uint8Array[]): void
}

/** A request that an endpoint has taken: the caller's side of a running call. */
export interface OpenCall {
  /** The caller does not want the answer any more. No sink method is called after this. */
  cancel(): void
  /** The reader of a stream took everything before `received` and can take `credit` more. */
  credit(received: number, credit: number): void
  /** The caller's line broke: no sink method can be heard any more, but it may come back and ask again. */
  disconnect(): void
}

/** Something that takes requests: this runner itself, or a line to another. Never throws. */
export interface Endpoint {
  open(request: Request, sink: ReplySink): OpenCall
}
