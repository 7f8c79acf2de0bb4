import type { EntityAddress, ErrorData, RequestId } from '@cruster/core'
import type { ExecutionEvent, ParentLink } from '../protocol/execution-message.ts'
import type { EndStatus } from '../protocol/result.ts'

/** What a durable operation is. Stored: names are never used for another meaning. */
export type StepKind =
  | 'activity'
  | 'run'
  | 'compute'
  | 'call'
  | 'send'
  | 'child'
  | 'childStart'
  | 'childWait'
  | 'sleep'
  | 'signal'
  | 'deferred'
  | 'now'
  | 'random'
  | 'uuid'
  | 'patch'
  | 'state'
  | 'checkpoint'
  | 'exists'

/** A durable operation by its number in the run, with what it is, and a digest of its input where it has one. */
export interface Step {
  /** From 1, in the order in which the body asked. */
  readonly step: number
  readonly kind: StepKind
  readonly name: string
  readonly digest: Uint8Array | undefined
}

/** Events that a journal keeps: those that the body can notice. */
export type RecordedEvent = Extract<
  ExecutionEvent,
  { readonly kind: 'signal' | 'resolve' | 'cancel' | 'timer' | 'childEnded' }
>

/** A run has begun. The first entry of every journal. */
export interface Started {
  readonly kind: 'started'
  readonly version: number
  /** From 1; continueAsNew and restarts begin the next. */
  readonly run: number
  readonly input: Uint8Array
  readonly digest: Uint8Array
  readonly at: number
  readonly parents: readonly ParentLink[]
  /** Signals and resolved deferreds of the run before that nobody had taken. */
  readonly carried: readonly RecordedEvent[]
  /** Messages that the run before had recorded and that may be delivered again. */
  readonly handled: readonly RequestId[]
}

/** Another parent waits for the end. */
export interface Joined {
  readonly kind: 'joined'
  readonly parent: ParentLink
  readonly message: RequestId
}

/** A value that the body was given at once. */
export interface Value extends Omit<Step, 'kind'> {
  readonly kind: 'value'
  readonly of: StepKind
  readonly value: Uint8Array
}

/** Where a child runs. */
export interface StartedChild extends EntityAddress {
  readonly detached: boolean
}

/** A durable wait has begun. */
export interface Waiting extends Omit<Step, 'kind'> {
  readonly kind: 'waiting'
  readonly of: StepKind
  /** When its time is over, in milliseconds since 1970, and the message that will say so. */
  readonly dueAt: number | undefined
  readonly timer: RequestId | undefined
  /** The child that was started. A detached one goes on when its parent ends. */
  readonly child: StartedChild | undefined
}

/** A step has ended. */
export interface Done extends Omit<Step, 'kind'> {
  readonly kind: 'done'
  readonly of: StepKind
  /** Encoded. */
  readonly exit: Uint8Array
  /** How many attempts were made. */
  readonly attempts: number
  readonly at: number
}

/** An attempt of a step has failed, and there will be another. */
export interface AttemptFailed extends Omit<Step, 'kind'> {
  readonly kind: 'attemptFailed'
  readonly of: StepKind
  readonly attempt: number
  readonly error: ErrorData
  readonly begunAt: number
  readonly at: number
  /** When the next attempt begins, and the message that will say so. */
  readonly retryAt: number
  readonly timer: RequestId
}

/** An attempt has said that it is alive. */
export interface Heartbeat {
  readonly kind: 'heartbeat'
  readonly step: number
  readonly attempt: number
  readonly details: Uint8Array
  readonly at: number
}

/** Something came from outside. */
export interface Event {
  readonly kind: 'event'
  readonly message: RequestId
  readonly event: RecordedEvent
  readonly at: number
}

/** From here on nothing runs. `mismatch`: the body did not agree with the journal. */
export interface Paused {
  readonly kind: 'paused'
  readonly by: 'user' | 'mismatch'
  readonly note: string | undefined
  readonly at: number
}

export interface Resumed {
  readonly kind: 'resumed'
  readonly at: number
}

/** The last entry of an execution that has ended. */
export interface Ended {
  readonly kind: 'ended'
  readonly status: EndStatus
  /** Encoded. */
  readonly exit: Uint8Array
  readonly at: number
}

/** What an execution records, in the order in which it happened. */
export type JournalEntry =
  Started | Joined | Value | Waiting | Done | AttemptFailed | Heartbeat | Event | Paused | Resumed | Ended

/** The step that an entry belongs to; undefined when it belongs to none, or does not say which operation it is. */
export function stepOf(entry: JournalEntry): Step | undefined {
  switch (entry.kind) {
    case 'value':
    case 'waiting':
    case 'done':
    case 'attemptFailed':
      return { step: entry.step, kind: entry.of, name: entry.name, digest: entry.digest }
    default:
      return undefined
  }
}
