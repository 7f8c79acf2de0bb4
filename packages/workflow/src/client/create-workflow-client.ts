import type { ClientHost } from '@cruster/core'
import { validate } from '@cruster/core'
import { checkExecutionId, executionIdOf, keyedExecutionId } from '../contract/execution-id.ts'
import type { AnyWorkflow } from '../contract/workflow-contract.ts'
import type { ExecutionContract } from '../protocol/execution-contract.ts'
import { ExecutionCalls } from './execution-calls.ts'
import type { ExecutionDirectory } from './execution-directory.ts'
import { executionDirectory } from './execution-directory.ts'
import type { ExecutionFilter, ExecutionPage, PageOptions } from './execution-list.ts'
import type { StartRequest } from './start-request.ts'
import { startRequest } from './start-request.ts'
import type { ResultOptions, StartOptions } from './workflow-client.ts'
import { WorkflowRunClient } from './workflow-run-client.ts'

/** Starts executions of a workflow, under an id that was given or the one that the contract makes of the input. */
class Starter {
  protected readonly contract: AnyWorkflow
  protected readonly calls: ExecutionCalls
  readonly #id: string | undefined

  constructor(contract: AnyWorkflow, calls: ExecutionCalls, id?: string) {
    this.contract = contract
    this.calls = calls
    this.#id = id
  }

  async execute(input?: unknown, options: StartOptions & ResultOptions = {}): Promise<unknown> {
    // It begins when the caller commits, and nobody knows whether that will be.
    if (options.transaction !== undefined) return (await this.start(input, options)).result(options)
    const requested = startRequest(this.contract, input, this.#id)
    const request = requested instanceof Promise ? await requested : requested
    const failed = new AbortController()
    const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal])
    const starting = this.calls.start(request, options)
    // Asked while the start is being stored: until then its owner has read what there is of the execution.
    const result = this.#run(request).result({ timeout: options.timeout, signal })
    result.catch(() => undefined)
    try {
      await starting
    } catch (error) {
      failed.abort(error)
      throw error
    }
    return result
  }

  async start(input?: unknown, options: StartOptions = {}): Promise<WorkflowRunClient> {
    const request = await startRequest(this.contract, input, this.#id)
    await this.calls.start(request, options)
    return this.#run(request)
  }

  #run(started: StartRequest): WorkflowRunClient {
    return new WorkflowRunClient(this.contract, this.calls, { id: started.id, started })
  }
}

/** The client of a workflow. Types are those of `WorkflowClient`, which the contract gives it. */
export class WorkflowClientImplementation extends Starter {
  readonly #directory: ExecutionDirectory

  constructor(host: ClientHost, contract: AnyWorkflow, execution: ExecutionContract) {
    super(contract, new ExecutionCalls(host, execution, contract.name))
    this.#directory = executionDirectory(host)
  }

  get(executionId: string): WorkflowRunClient {
    return new WorkflowRunClient(this.contract, this.calls, { id: executionId })
  }

  withKey(key: unknown): Starter {
    return new Starter(this.contract, this.calls, keyedExecutionId(this.contract.name, key))
  }

  withRawKey(executionId: string): Starter {
    return new Starter(this.contract, this.calls, checkExecutionId(this.contract.name, executionId))
  }

  async executionId(input?: unknown): Promise<string> {
    return executionIdOf(
      this.contract,
      await validate(this.contract.input, input, `the input of ${this.contract.name}`),
    )
  }

  list(filter: ExecutionFilter & PageOptions = {}): Promise<ExecutionPage> {
    return this.#directory.list({ ...filter, workflow: this.contract.name })
  }
}
