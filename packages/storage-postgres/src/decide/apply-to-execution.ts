import type { ExecutionOperation } from '@cruster/core/ports'
import type { Draft } from './draft.ts'
import type { Effect } from './apply-operation.ts'

export function applyToExecution({ executions }: Draft, operation: ExecutionOperation): Effect {
  const { address } = operation
  switch (operation.kind) {
    case 'appendJournal':
      return executions.append(operation) ? undefined : { refusal: { kind: 'stale', address } }
    case 'truncateJournal':
      executions.truncate(address, operation.position)
      return undefined
    case 'putExecution':
      executions.put(operation)
      return undefined
    case 'deleteExecution':
      executions.delete(address)
      return undefined
  }
}
