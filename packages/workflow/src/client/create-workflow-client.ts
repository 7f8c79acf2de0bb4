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
import { stopBeside } from './stop.ts'
import type { ResultOptions, StartOptions } from './workflow-client.ts'
import { WorkflowRunClient } from './workflow-run-client.ts'

function ignored(): void {
  // Whoever waits for the start as well is told of it.
}

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

  /** Plain promises, and as few as can be: an `async` function that returns one makes three of it. */
  execute(input?: unknown, options: StartOptions & ResultOptions = {}): Promise<unknown> {
    // It begins when the caller commits, and nobody knows whether that will be.
    if (options.transaction !== undefined) return this.start(input, options).then((run) => run.result(options))
    try {
      const requested = startRequest(this.contract, input, this.#id)
      if (requested instanceof Promise) return requested.then((request) => this.#execute(request, options))
      return this.#execute(requested, options)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async start(input?: unknown, options: StartOptions = {}): Promise<WorkflowRunClient> {
    const request = await startRequest(this.contract, input, this.#id)
    await this.calls.start(request, options)
    return this.#run(request)
  }

  #execute(request: StartRequest, options: StartOptions & ResultOptions): Promise<unknown> {
    const stop = stopBeside(options.signal)
    const starting = this.calls.start(request, options)
    // Asked while the start is being stored: until then its owner has read what there is of the execution.
    const result = this.#run(request).result({ timeout: options.timeout, signal: stop.signal })
    result.catch(ignored)
    return new Promise((resolve, reject) => {
      starting.then(
        () => {
          result.then(resolve, reject)
        },
        (error: unknown) => {
          stop.abort(error)
          // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what was thrown is what is rejected
          reject(error)
        },
      )
    })
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
