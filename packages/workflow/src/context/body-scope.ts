import type { AnyEntity, EntityAddress, ExecutionRef } from '@cruster/core'
import type { Clock, Logger, Random } from '@cruster/core/ports'
import type { ClientHost } from '@cruster/sharding/extension'
import type { WorkflowProgram } from '../engine/workflow-program.ts'
import type { Replay } from '../replay/replay.ts'
import type { Task } from './task.ts'

/** The entity of a workflow method. */
export interface OwnEntity {
  readonly contract: AnyEntity
  readonly address: EntityAddress
  /** The committed state at this moment. */
  state(): unknown
}

/** What one run of a body works on. */
export interface BodyScope {
  readonly execution: ExecutionRef
  readonly program: WorkflowProgram
  readonly replay: Replay<Task>
  readonly parent: ExecutionRef | undefined
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  /** Makes clients for one step, whose messages leave with its record. */
  clients(): ClientHost
  /** Of a workflow method. */
  readonly entity: OwnEntity | undefined
  /** Answers to queries, by name. */
  readonly queries: Map<string, (input: unknown) => unknown>
  /** What undoes what was done, in the order in which it was given. */
  readonly compensations: (() => unknown)[]
  /** Called whenever the body has asked for an operation. */
  readonly asked: () => void
  /** The body has asked for a new run with this encoded input. */
  continueWith: Uint8Array | undefined
}
