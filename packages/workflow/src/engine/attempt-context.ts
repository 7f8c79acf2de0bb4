import type { HandlerLog, StepContext } from '@cruster/core'
import { decode, keyedRequestId } from '@cruster/core'
import type { SqlTransaction } from '@cruster/core/ports'
import type { Attempt, AttemptHost } from './attempt.ts'
import { stepLog } from './step-log.ts'

/** What an attempt gives the function that makes it. Getters, so that one pays for what it takes. */
export class AttemptContext implements StepContext {
  readonly #attempt: Attempt
  readonly #host: AttemptHost

  constructor(attempt: Attempt, host: AttemptHost) {
    this.#attempt = attempt
    this.#host = host
  }

  get executionId(): string {
    return this.#host.scope.address.id
  }

  get workflow(): string {
    return this.#host.workflow
  }

  get activity(): string {
    return this.#attempt.operation.name
  }

  get attempt(): number {
    return this.#attempt.number
  }

  get idempotencyKey(): string {
    const { scope, run } = this.#host
    return keyedRequestId(scope.address, 'step', `${run}/${this.#attempt.operation.step}`)
  }

  get signal(): AbortSignal {
    return this.#attempt.signal
  }

  get deadline(): number | undefined {
    const { task, begunAt } = this.#attempt
    return task.timeoutMs === undefined ? undefined : begunAt + task.timeoutMs
  }

  get log(): HandlerLog {
    return stepLog(this.#host.scope.log, { activity: this.activity, attempt: this.attempt })
  }

  get tx(): SqlTransaction {
    return this.#attempt.tx
  }

  get heartbeat(): (details?: unknown) => void {
    return (details) => {
      this.#attempt.beat(details)
    }
  }

  get lastHeartbeat(): unknown {
    const { lastHeartbeat } = this.#attempt.operation
    return lastHeartbeat === undefined ? undefined : decode(lastHeartbeat)
  }

  get client(): StepContext['client'] {
    const { client } = this.#host.scope.clients({ outbox: this.#attempt.outbox })
    return client
  }
}
