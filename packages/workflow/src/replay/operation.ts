import type { ErrorData, ExecutionRef, RequestId } from '@cruster/core'
import { Defect } from '@cruster/core'
import type { Step } from '../journal/journal-entry.ts'

/**
 * ```
 *   asked ──▶ waiting ◀──▶ running
 *     │          │            │
 *     └──────────┴────────────┴──▶ ended
 * ```
 * `waiting`: for a time, a message, or the next attempt; all of it is recorded. `running`: an attempt is under way in memory.
 */
export type OperationPhase = 'asked' | 'waiting' | 'running' | 'ended'

const allowed: Readonly<Record<OperationPhase, readonly OperationPhase[]>> = {
  asked: ['waiting', 'running', 'ended'],
  waiting: ['running', 'ended'],
  running: ['waiting', 'ended'],
  ended: [],
}

/** What comes of an operation. */
export type OperationEnd =
  | { readonly kind: 'exit'; readonly exit: Uint8Array }
  /** The time for which it waited is over. */
  | { readonly kind: 'timeUp' }
  | { readonly kind: 'cancelled'; readonly reason: string | undefined }

/** What an operation waits for, beside its own result. */
export type Awaited =
  | { readonly kind: 'signal'; readonly name: string }
  | { readonly kind: 'deferred'; readonly name: string }
  | { readonly kind: 'child'; readonly child: ExecutionRef }

/** What the body asks for. `task` is what the shell needs to know to do it; replaying never looks at it. */
export interface Request<Task> extends Omit<Step, 'step'> {
  readonly task: Task
  readonly awaits?: Awaited | undefined
  /** Hears of the end, once. */
  readonly end: (end: OperationEnd) => void
}

/** An attempt that failed and has a successor. */
export interface FailedAttempt {
  readonly attempt: number
  readonly error: ErrorData
  readonly begunAt: number
}

/** One durable operation of a run. */
export class Operation<Task = unknown> implements Step {
  readonly step: number
  readonly kind: Step['kind']
  readonly name: string
  readonly digest: Uint8Array | undefined
  readonly request: Request<Task>
  readonly failures: FailedAttempt[] = []
  /** Encoded details of the last heartbeat. */
  lastHeartbeat: Uint8Array | undefined
  dueAt: number | undefined
  /** The message that is to wake it. */
  timer: RequestId | undefined
  #phase: OperationPhase = 'asked'

  constructor(request: Request<Task>, step: number) {
    this.request = request
    this.step = step
    this.kind = request.kind
    this.name = request.name
    this.digest = request.digest
  }

  get phase(): OperationPhase {
    return this.#phase
  }

  get task(): Task {
    return this.request.task
  }

  /** Number of the attempt that is made, or would be next. */
  get attempt(): number {
    return this.failures.length + 1
  }

  /** What its timer is for: the next attempt, or 0 for the end of a wait. */
  get timerAttempt(): number {
    return this.failures.length === 0 ? 0 : this.attempt
  }

  /** Whether an attempt is to be made now. */
  get isReady(): boolean {
    return (
      this.#phase === 'asked' || (this.#phase === 'waiting' && this.failures.length > 0 && this.timer === undefined)
    )
  }

  become(phase: Exclude<OperationPhase, 'ended'>): void {
    if (!allowed[this.#phase].includes(phase)) {
      throw new Defect(`An operation cannot go from \`${this.#phase}\` to \`${phase}\`.`)
    }
    this.#phase = phase
  }

  /** False when it had ended before. */
  finish(end: OperationEnd): boolean {
    if (this.#phase === 'ended') return false
    this.#phase = 'ended'
    this.request.end(end)
    return true
  }

  /** Ends it without telling anybody: nobody waits for it any more. */
  withdraw(): boolean {
    if (this.#phase === 'ended') return false
    this.#phase = 'ended'
    return true
  }
}
