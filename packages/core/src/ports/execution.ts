import type { EntityAddress } from '../address/entity-address.ts'

/** `running` ⇄ `paused`; either → `completed`, `failed` or `cancelled`; a restart makes any of these `running`. */
export type ExecutionStatus = 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'

/** Names an execution: type and id of the entity that executes it. */
export interface ExecutionName {
  readonly type: string
  readonly id: string
}

/** What an execution puts on record, so that people and tools find it without reading journals. */
export interface ExecutionRecord {
  /** Name of the workflow. */
  readonly workflow: string
  /** Version of the workflow that it runs on. */
  readonly version: number
  readonly status: ExecutionStatus
  /** Milliseconds since 1970. Lists are in this order. */
  readonly startedAt: number
  readonly parent?: ExecutionName | undefined
  /** Short, for people: why it is paused, what it failed with. */
  readonly note?: string | undefined
  /** How long record and journal are kept once it has ended. Absent: until they are deleted. */
  readonly retainMs?: number | undefined
}

/** A record as storage keeps it. */
export interface StoredExecution extends ExecutionRecord {
  readonly address: EntityAddress
  /** When it was last put, by storage's clock. */
  readonly updatedAt: number
  /** When it was first put with a status that is an end, by storage's clock; absent while it runs or is paused. */
  readonly endedAt?: number | undefined
}

/** A place in a list of executions: behind the execution that it was made of. */
export interface ExecutionCursor extends ExecutionName {
  readonly startedAt: number
}

/** Which executions a person or tool wants to see: those that agree in every field given. */
export interface ExecutionFilter {
  readonly type?: string
  readonly version?: number
  readonly status?: ExecutionStatus
  /** Only those that started earlier than this, in milliseconds since 1970. */
  readonly startedBefore?: number
  /** Only those that started later than this, in milliseconds since 1970. */
  readonly startedAfter?: number
}

/** A page of a list of executions. */
export interface ExecutionQuery extends ExecutionFilter {
  /** The page behind this place: the last execution of the page before is one. Absent: the first page. */
  readonly after?: ExecutionCursor
  readonly limit: number
}

/** A page of a journal. */
export interface JournalQuery {
  readonly address: EntityAddress
  /** Only entries with a larger position. 0 reads from the start. */
  readonly after: number
  readonly limit: number
}

/** Looks at journals. */
export interface JournalReader {
  /**
   * Entries in the order of their positions; the first has position `after + 1`. Fewer than `limit`: there are no more.
   */
  read(query: JournalQuery): Promise<readonly Uint8Array[]>
  /** The last position; 0 for an execution that has no journal. */
  size(address: EntityAddress): Promise<number>
}

/** Looks at the records of executions. A filter by type, by a status other than `completed`, or none is quick at any size. */
export interface ExecutionReader {
  find(address: EntityAddress): Promise<StoredExecution | undefined>
  /**
   * The one that started last first; of those that started at the same moment, the one whose type and id
   * are larger, byte by byte in UTF-8.
   */
  list(query: ExecutionQuery): Promise<readonly StoredExecution[]>
  count(filter: ExecutionFilter): Promise<number>
}
