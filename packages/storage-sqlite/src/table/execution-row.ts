import type { ExecutionStatus, StoredExecution } from '@cruster/core/ports'
import { addressOf, numberOf, optional, textOf, type Row } from '../row-values.ts'

const statuses = ['running', 'paused', 'completed', 'failed', 'cancelled'] as const satisfies readonly ExecutionStatus[]

export function toExecution(row: Row): StoredExecution {
  const parentType = optional(row, 'parent_type', textOf)
  return {
    address: addressOf(row),
    workflow: textOf(row, 'workflow'),
    version: numberOf(row, 'version'),
    status: executionStatusOf(row),
    startedAt: numberOf(row, 'started_at'),
    updatedAt: numberOf(row, 'updated_at'),
    endedAt: optional(row, 'ended_at', numberOf),
    parent: parentType === undefined ? undefined : { type: parentType, id: textOf(row, 'parent_id') },
    note: optional(row, 'note', textOf),
    retainMs: optional(row, 'retain_ms', numberOf),
  }
}

/** The column holds nothing else: the schema checks it. */
function executionStatusOf(row: Row): ExecutionStatus {
  const text = textOf(row, 'status')
  return statuses.find((status) => status === text) ?? 'paused'
}
