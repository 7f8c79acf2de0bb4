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

type End = Answerable['end']
type Fail = Answerable['fail']

/** A start that has come. The contract's client made its input. */
export class StartArrival implements MessageArrival<StartMessage> {
  readonly kind = 'start'
  readonly call: NativeCall
  readonly body: StartMessage
  readonly end: End
  readonly fail: Fail

  constructor(call: NativeCall, end: End, fail: Fail) {
    this.call = call
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    this.body = call.input as StartMessage
    this.end = end
    this.fail = fail
  }
}

/** An event that has come. The contract's client made its input. */
export class EventArrival implements MessageArrival<ExecutionEvent> {
  readonly kind = 'event'
  readonly call: NativeCall
  readonly body: ExecutionEvent
  readonly end: End
  readonly fail: Fail

  constructor(call: NativeCall, end: End, fail: Fail) {
    this.call = call
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    this.body = call.input as ExecutionEvent
    this.end = end
    this.fail = fail
  }
}

/** What the loop of an execution handles, one after the other. */
export type Arrival =
  | StartArrival
  | EventArrival
  | (Answerable & { readonly kind: 'query'; readonly question: QueryQuestion })
  | { readonly kind: 'attempt'; readonly attempt: Attempt; readonly result: AttemptResult }
  /** It has been at work for a while, and is perhaps not listed. */
  | { readonly kind: 'unlisted' }
  | { readonly kind: 'heartbeat'; readonly attempt: Attempt; readonly details: Uint8Array }
