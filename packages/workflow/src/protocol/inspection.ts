import type { ExecutionRef } from '@cruster/core'
import type { EndStatus } from './result.ts'

/** `running` → `completed`, `failed` or `cancelled`; `running` ⇄ `paused`; a restart makes any of them `running`. */
export type RunStatus = 'running' | 'paused' | EndStatus

/** What is known of an execution. Times are milliseconds since 1970. */
export interface ExecutionStatus extends ExecutionRef {
  /** Name of the workflow. */
  readonly workflow: string
  readonly version: number
  /** `pending`: its start is stored, and was not handled so far. `running` is told also of one that is not listed yet. */
  readonly status: RunStatus | 'pending'
  readonly startedAt: number
  readonly updatedAt: number
  readonly endedAt?: number | undefined
  readonly parent?: ExecutionRef | undefined
  /** Why it is paused, what it waits for, or the error that it failed with. For people. */
  readonly note?: string | undefined
}

/** Asks the body, by the name under which it set an answer. */
export interface QueryQuestion {
  readonly name: string
  readonly input: Uint8Array
}

/** A part of the journal. */
export interface HistoryQuestion {
  /** Positions after this one; 0 from the start. */
  readonly after: number
  readonly limit: number
}

/** Encoded journal entries, as `decodeEntry` reads them. The first has position `after + 1`. */
export interface HistoryPage {
  readonly entries: readonly Uint8Array[]
  /** How many there are in all. */
  readonly size: number
}
