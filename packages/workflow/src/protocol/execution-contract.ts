import type { ContinuedWait, EntityNeighbour, Method, PlainTypes } from '@cruster/core'
import { rpc } from '@cruster/core'
import type { HiddenEntity } from '@cruster/sharding/extension'
import { hiddenEntity } from '@cruster/sharding/extension'
import type { ResultAnswer, ResultQuestion } from './result.ts'
import type { EventReceipt, ExecutionEvent, StartMessage } from './execution-message.ts'
import type { ExecutionStatus, HistoryPage, HistoryQuestion, QueryQuestion } from './inspection.ts'

type Rpc<Input, Output> = Method<'rpc', PlainTypes<Input, Output>, 'public'>

/** The methods of the entity that executes a workflow. */
export type ExecutionMethods = Readonly<{
  /** Begins the execution, or joins it when it has begun. Stored, one way; {@link startKey} makes it countable. */
  start: Rpc<StartMessage, EventReceipt>
  /** Tells the execution something. Stored; a caller that waits is answered when what it told is recorded. */
  event: Rpc<ExecutionEvent, EventReceipt>
  /** Waits for the end. Volatile: to be asked again when the execution moves, or after `waitMs`. */
  result: Rpc<ResultQuestion, ResultAnswer>
  status: Rpc<void, ExecutionStatus | undefined>
  /** Asks the running body. The input and the answer are encoded values. */
  query: Rpc<QueryQuestion, Uint8Array>
  history: Rpc<HistoryQuestion, HistoryPage>
  /** The output, or a continuation: for callers of a workflow method, who know nothing of executions. */
  outcome: Rpc<ContinuedWait, unknown>
}>

/** The contract of the hidden entity that executes workflows of one type. */
export type ExecutionContract = HiddenEntity<ExecutionMethods>

/** How executions of a type are placed. */
export interface ExecutionSettings {
  readonly shardGroup?: string
  readonly colocateBy?: (id: string) => string
  readonly placedWith?: (id: string) => EntityNeighbour
  /** Error classes that callers get instances of, by name. */
  readonly errors?: Readonly<Record<string, unknown>>
}

/** How long an execution that waits stays in memory, so that quick answers find it there. */
const restMs = 1000

/** How long starts and events are known by their ids after they were handled, to tell repetitions. */
const retention = '24h'

/** Makes the contract for a type: {@link workflowType} or {@link methodType}. */
export function executionContract(type: string, settings: ExecutionSettings = {}): ExecutionContract {
  const methods: ExecutionMethods = {
    start: rpc<StartMessage, EventReceipt>({ persisted: true, retention }),
    event: rpc<ExecutionEvent, EventReceipt>({ persisted: true, retention }),
    result: rpc<ResultQuestion, ResultAnswer>(),
    status: rpc<void, ExecutionStatus | undefined>(),
    query: rpc<QueryQuestion, Uint8Array>(),
    history: rpc<HistoryQuestion, HistoryPage>(),
    outcome: rpc<ContinuedWait, unknown>(),
  }
  return hiddenEntity(type, { ...settings, methods, maxIdleTime: restMs })
}

/** The entity type of a workflow, all its versions. */
export function workflowType(workflow: string): string {
  return `Workflow/${workflow}`
}

/** The entity type of a workflow method of an entity. */
export function methodType(entity: string, method: string): string {
  return `${entity}/${method}`
}

/** The id of an execution of a workflow method: it begins with that of its entity, and lives on the same shard. */
export function methodExecutionId(entityId: string, key: string): string {
  return `${encodeURIComponent(entityId)}/${key}`
}

/** The entity's id in the id of an execution of one of its methods. */
export function entityIdOf(executionId: string): string {
  return decodeURIComponent(executionId.slice(0, executionId.indexOf('/')))
}

/**
 * The idempotency key of a start that clients send: an execution is started once, whoever starts it; another input under the
 * same id is a conflict.
 */
export const startKey = 'start'
