import type { NativeCall } from '@cruster/sharding/extension'
import type { ExecutionEvent, StartMessage } from '../protocol/execution-message.ts'
import type { QueryQuestion } from '../protocol/inspection.ts'
import type { Attempt, AttemptResult } from './attempt.ts'

interface Answerable {
  readonly end: (output: unknown) => void
  readonly fail: (error: unknown) => void
}

/** A stored message that has come. */
export interface MessageArrival<Body> extends Answerable {
  readonly call: NativeCall
  readonly body: Body
}

/** What the loop of an execution handles, one after the other. */
export type Arrival =
  | (MessageArrival<StartMessage> & { readonly kind: 'start' })
  | (MessageArrival<ExecutionEvent> & { readonly kind: 'event' })
  | (Answerable & { readonly kind: 'query'; readonly question: QueryQuestion })
  | { readonly kind: 'attempt'; readonly attempt: Attempt; readonly result: AttemptResult }
  /** It has been at work for a while, and is perhaps not listed. */
  | { readonly kind: 'unlisted' }
  | { readonly kind: 'heartbeat'; readonly attempt: Attempt; readonly details: Uint8Array }
