import { checkExecutionId, keyedExecutionId } from '../contract/execution-id.ts'
import type { AnyWorkflow } from '../contract/workflow-contract.ts'
import type { ChildCall, ChildPort, ChildRef } from '../context/child-port.ts'
import type { ExecutionContract } from '../protocol/execution-contract.ts'
import { outputOf } from './answer.ts'
import type { ChildOptions } from './child-client.ts'
import { startRequest } from './start-request.ts'
import { signalEvent } from './workflow-run-client.ts'

/** What a child's client is made of. */
interface ChildParts {
  readonly contract: AnyWorkflow
  readonly execution: ExecutionContract
  readonly port: ChildPort
}

class ChildStarterImplementation {
  protected readonly parts: ChildParts
  readonly #id: string | undefined

  constructor(parts: ChildParts, id?: string) {
    this.parts = parts
    this.#id = id
  }

  async execute(input?: unknown, options: ChildOptions = {}): Promise<unknown> {
    const exit = await this.parts.port.execute(await this.#call(input, options))
    return outputOf(exit, this.parts.contract.errors)
  }

  async start(input?: unknown, options: ChildOptions = {}): Promise<ChildRunImplementation> {
    const { id } = await this.parts.port.start(await this.#call(input, options))
    return new ChildRunImplementation(this.parts, id)
  }

  async #call(input: unknown, options: ChildOptions): Promise<ChildCall> {
    const { contract, execution } = this.parts
    const request = await startRequest(contract, input, this.#id)
    // Without a key, two calls with equal inputs are two children: the parent's step is what names a child.
    const id = this.#id ?? (contract.key === undefined ? undefined : request.id)
    return { ...options, contract: execution, workflow: contract.name, id, input: request.input }
  }
}

class ChildRunImplementation {
  readonly executionId: string
  readonly #parts: ChildParts

  constructor(parts: ChildParts, executionId: string) {
    this.#parts = parts
    this.executionId = checkExecutionId(parts.contract.name, executionId)
  }

  async result(): Promise<unknown> {
    return outputOf(await this.#parts.port.result(this.#ref), this.#parts.contract.errors)
  }

  async signal(name: string, input?: unknown): Promise<void> {
    const { payload } = await signalEvent(this.#parts.contract, name, input)
    await this.#parts.port.signal(this.#ref, name, payload)
  }

  async cancel(reason?: string): Promise<void> {
    await this.#parts.port.cancel(this.#ref, reason)
  }

  get #ref(): ChildRef {
    const { execution } = this.#parts
    return { type: execution.name, id: this.executionId, contract: execution }
  }
}

/** The client of a workflow in the body of another one. Types are those of `ChildClient`. */
export class ChildClientImplementation extends ChildStarterImplementation {
  withKey(key: unknown): ChildStarterImplementation {
    return new ChildStarterImplementation(this.parts, keyedExecutionId(this.parts.contract.name, key))
  }

  withRawKey(executionId: string): ChildStarterImplementation {
    return new ChildStarterImplementation(this.parts, checkExecutionId(this.parts.contract.name, executionId))
  }

  get(executionId: string): ChildRunImplementation {
    return new ChildRunImplementation(this.parts, executionId)
  }
}
