import type { ExecutionStatus, RunStatus } from '../protocol/inspection.ts'

/** Which executions a person or tool wants to see: those that agree in every field given. */
export interface ExecutionFilter {
  readonly status?: RunStatus
  readonly version?: number
  readonly startedBefore?: Date | number
  readonly startedAfter?: Date | number
  /** How many at most. Default 100. */
  readonly limit?: number
  /** Where the page before ended: its `next`. */
  readonly after?: string
}

/** Executions in the order of their start, the last one first. */
export interface ExecutionPage {
  readonly executions: readonly ExecutionStatus[]
  /** Pass it as `after` for those that follow; undefined when there are no more. */
  readonly next: string | undefined
}
