import type { EndStatus } from '../protocol/result.ts'
import type { ExecutionStatus } from '../protocol/inspection.ts'

/** Which executions a person or tool wants to see: those that agree in every field given. */
export interface ExecutionFilter {
  readonly status?: 'running' | 'paused' | EndStatus
  readonly version?: number
  readonly startedBefore?: Date | number
  readonly startedAfter?: Date | number
}

/** A page of a list. */
export interface PageOptions {
  /** How many at most. Default 100. */
  readonly limit?: number
  /** Where the page before ended: its `next`. */
  readonly after?: string
}

/** Executions of any workflow. */
export interface RunsFilter extends ExecutionFilter {
  /** Name of a workflow, all its versions. */
  readonly workflow?: string
  /** The type of the entities that execute it, such as `Order/fulfil` for a workflow method. Instead of `workflow`. */
  readonly type?: string
}

/**
 * Executions in the order of their start, the last one first. Listed are those that have rested, because they wait for something
 * that is recorded, that are paused or have ended; and those that are at work, about a second after they began to be at the latest,
 * or when an activity that has a transaction open then has ended.
 */
export interface ExecutionPage {
  readonly executions: readonly ListedExecution[]
  /** Pass it as `after` for those that follow; undefined when there are no more. */
  readonly next: string | undefined
}

/** An execution in a list. */
export interface ListedExecution extends ExecutionStatus {
  /** Which runners execute it. */
  readonly shardGroup: string
}
