import { ConfigError } from '@cruster/core'
import type { ExecutionEvent } from '../protocol/execution-message.ts'
import type { ExecutionStatus } from '../protocol/inspection.ts'
import type { ExecutionCalls } from './execution-calls.ts'
import type { History } from './history.ts'
import type { ForkOptions, RestartOptions } from './workflow-run.ts'

/** One execution to people and tools: what can be done to it without knowing its contract. */
export class ExecutionHandle {
  readonly executionId: string
  protected readonly calls: ExecutionCalls
  readonly #workflow: string

  constructor(workflow: string, calls: ExecutionCalls, executionId: string) {
    this.executionId = executionId
    this.calls = calls
    this.#workflow = workflow
  }

  /** Undefined: no execution has this id. */
  status(): Promise<ExecutionStatus | undefined> {
    return this.calls.status(this.executionId)
  }

  /** Asks it to stop: what it waits for fails with WorkflowCancelled, and compensations run. Resolves when that is stored. */
  async cancel(reason?: string): Promise<void> {
    await this.calls.tell(this.executionId, { kind: 'cancel', reason })
  }

  /** Holds it where it is; signals and timers that come meanwhile are kept. */
  async pause(reason?: string): Promise<void> {
    await this.#change({ kind: 'pause', reason })
  }

  /** Lets a paused execution go on, also one that was paused because it did not match its history. */
  async resume(): Promise<void> {
    await this.#change({ kind: 'resume' })
  }

  /** Runs it again under the same id, whether it has ended or not. */
  async restart({ beforeStep, version }: RestartOptions = {}): Promise<void> {
    await this.#change({ kind: 'restart', beforeStep, version })
  }

  /** Starts another execution with the same input and the steps recorded so far. */
  async fork({ executionId, beforeStep = 0, version }: ForkOptions): Promise<ExecutionHandle> {
    await this.calls.fork(executionId, { id: this.executionId, beforeStep }, version)
    return new ExecutionHandle(this.#workflow, this.calls, executionId)
  }

  /** All that is recorded, in order: for people, for tests, for `replay`. */
  async history(): Promise<History> {
    const entries = await this.calls.history(this.executionId)
    return { workflow: this.#workflow, executionId: this.executionId, entries }
  }

  async #change(event: ExecutionEvent): Promise<void> {
    const receipt = await this.calls.ask(this.executionId, event)
    if (receipt !== 'ended') return
    throw new ConfigError(
      `${this.#workflow}/${this.executionId} has ended, so there is nothing to ${event.kind}. Use restart() to run it again.`,
    )
  }
}
