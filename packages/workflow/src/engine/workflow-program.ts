import type { AnyEntity, AnyMethod, StepContext } from '@cruster/core'
import type { ExecutionContract } from '../protocol/execution-contract.ts'

/** An activity as the engine runs it. */
export interface ActivityProgram {
  readonly name: string
  /** Its schemas, time limits and retries. */
  readonly method: AnyMethod
  readonly handler: (context: StepContext, input: unknown) => unknown
}

/** How much an execution may record. */
export interface JournalLimits {
  /** A warning is logged from here on. Default 10 000. */
  readonly warnEntries: number
  /** Durable operations fail with JournalTooLarge from here on. Default 50 000. */
  readonly maxEntries: number
  /** Default 10 MiB. */
  readonly warnBytes: number
  /** Default 50 MiB. */
  readonly maxBytes: number
}

/** One version of a workflow as the engine runs it: what an implementation comes to. */
export interface WorkflowProgram {
  readonly contract: ExecutionContract
  /** Name of the workflow, for people and lists. */
  readonly workflow: string
  readonly version: number
  /** Own ones and those of groups, by name. */
  readonly activities: ReadonlyMap<string, ActivityProgram>
  /** The body. `context` is a `DurableContext`, with the activities as methods. */
  readonly run: (context: never, input: unknown) => unknown
  /** Checks and turns what the body returns into the output. Default: as it is. */
  readonly output?: AnyMethod['output']
  /** Error classes that the contract declares, by name: so that causes of failed activities are instances of them. */
  readonly errors: Readonly<Record<string, unknown>>
  /** How long an execution is kept after its end, in milliseconds. */
  readonly retainMs: number
  readonly limits: JournalLimits
  /** Of a workflow method: the contract of its entity. */
  readonly entity?: AnyEntity | undefined
  /** Runs the body again from the start after each step: for tests, to find what is not deterministic. Default false. */
  readonly alwaysReplay?: boolean
}

export const defaultLimits: JournalLimits = Object.freeze({
  warnEntries: 10_000,
  maxEntries: 50_000,
  warnBytes: 10 * 1024 * 1024,
  maxBytes: 50 * 1024 * 1024,
})

/** 30 days. */
export const defaultRetainMs = 30 * 24 * 3_600_000
