import type { ClientHost, Connectable, ExecutionRef } from '@cruster/core'
import { executionContract } from '../protocol/execution-contract.ts'
import { ExecutionCalls } from './execution-calls.ts'
import { executionDirectory } from './execution-directory.ts'
import { ExecutionHandle } from './execution-handle.ts'
import type { ExecutionPage, ListedExecution, PageOptions, RunsFilter } from './execution-list.ts'
import type { ForkOptions, RestartOptions } from './workflow-run.ts'

const defaultConcurrency = 16

/** Names an execution to tools: what a list shows of it. */
export type RunRef = ExecutionRef & Partial<Pick<ListedExecution, 'shardGroup' | 'workflow'>>

/** How many executions were changed at once. */
export interface BulkOptions {
  /** How many are changed at the same time. Default 16. */
  readonly concurrency?: number
}

/** What became of a change of many executions. */
export interface BulkResult {
  readonly changed: number
  /** Those that could not be changed, and why. */
  readonly failed: readonly { readonly execution: ListedExecution; readonly error: unknown }[]
}

/** Executions of all workflows, for people and tools. */
export interface RunsClient {
  list(filter?: RunsFilter & PageOptions): Promise<ExecutionPage>
  /** How many are listed: see {@link ExecutionPage}. */
  count(filter?: RunsFilter): Promise<number>
  /** One execution. Asks nobody: it need not exist. */
  get(ref: RunRef): ExecutionHandle
  cancel(ref: RunRef, reason?: string): Promise<void>
  pause(ref: RunRef, reason?: string): Promise<void>
  resume(ref: RunRef): Promise<void>
  /** Runs it again under the same id, from the start or from a step. */
  restart(ref: RunRef, options?: RestartOptions): Promise<void>
  /** Starts another execution with its input and its first steps. */
  fork(ref: RunRef, options: ForkOptions): Promise<ExecutionHandle>
  /**
   * Changes all that agree with the filter, as they are listed now: `runs.bulk({ status: 'paused' }, (run) => run.resume())`. One
   * that fails holds no other up.
   */
  bulk(filter: RunsFilter, change: (run: ExecutionHandle) => Promise<void>, options?: BulkOptions): Promise<BulkResult>
}

/** The contract of the executions of all workflows: `runner.client(runs)`. */
export const runs: Connectable<RunsClient> = Object.freeze({ connect: (host: ClientHost) => runsClient(host) })

function runsClient(host: ClientHost): RunsClient {
  const directory = executionDirectory(host)
  const get = ({ type, id, shardGroup, workflow = type }: RunRef): ExecutionHandle => {
    const contract = executionContract(type, shardGroup === undefined ? {} : { shardGroup })
    return new ExecutionHandle(workflow, new ExecutionCalls(host, contract, workflow), id)
  }
  return {
    list: (filter = {}) => directory.list(filter),
    count: (filter = {}) => directory.count(filter),
    get,
    cancel: (ref, reason) => get(ref).cancel(reason),
    pause: (ref, reason) => get(ref).pause(reason),
    resume: (ref) => get(ref).resume(),
    restart: (ref, options) => get(ref).restart(options),
    fork: (ref, options) => get(ref).fork(options),
    bulk: async (filter, change, { concurrency = defaultConcurrency } = {}) => {
      const executions = await all(directory.list, filter)
      return changeAll(executions, (execution) => change(get(execution)), concurrency)
    },
  }
}

/** Every page of a list, before anything is changed: a change may move executions in or out of it. */
async function all(
  list: (filter: RunsFilter & PageOptions) => Promise<ExecutionPage>,
  filter: RunsFilter,
): Promise<readonly ListedExecution[]> {
  const found: ListedExecution[] = []
  let after: string | undefined
  do {
    const page = await list({ ...filter, limit: 1000, ...(after !== undefined && { after }) })
    found.push(...page.executions)
    after = page.next
  } while (after !== undefined)
  return found
}

async function changeAll(
  executions: readonly ListedExecution[],
  change: (execution: ListedExecution) => Promise<void>,
  concurrency: number,
): Promise<BulkResult> {
  const failed: { execution: ListedExecution; error: unknown }[] = []
  const waiting = [...executions].values()
  const work = async (): Promise<void> => {
    for (const execution of waiting) {
      await change(execution).catch((error: unknown) => failed.push({ execution, error }))
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return { changed: executions.length - failed.length, failed }
}
