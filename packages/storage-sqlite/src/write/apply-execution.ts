import type { ExecutionName, ExecutionOperation } from '@cruster/core/ports'
import type { Tables } from '../table/tables.ts'
import type { Refusal } from './apply-operation.ts'

/** A refusal, with nothing written, or nothing to tell. */
export function applyToExecution(tables: Tables, operation: ExecutionOperation, now: number): Refusal | undefined {
  const { address } = operation
  switch (operation.kind) {
    case 'appendJournal':
      return tables.journals.append(operation) ? undefined : { kind: 'stale', address }
    case 'truncateJournal':
      tables.journals.truncate(address, operation.position)
      return undefined
    case 'putExecution':
      tables.executions.put(operation, now)
      return undefined
    case 'deleteExecution':
      removeExecution(tables, address)
      return undefined
  }
}

/**
 * Removes executions whose retention has passed, each with its journal, until `limit` rows are gone. Entries count as rows,
 * because writing waits for this.
 */
export function pruneExecutions(tables: Tables, now: number, limit: number): number {
  if (limit <= 0) return 0
  let executions = 0
  let rows = 0
  for (const name of tables.executions.expired(now, limit)) {
    if (rows >= limit) break
    rows += removeExecution(tables, name)
    executions += 1
  }
  return executions
}

/** Returns how many rows that were. */
function removeExecution(tables: Tables, name: ExecutionName): number {
  tables.executions.delete(name)
  return 1 + tables.journals.truncate(name, 0)
}
