import type { AnyEntity } from '@cruster/core'
import type { Operation, OperationKind } from './operation.ts'
import { entityOf } from './operation.ts'

/** What to select operations by. */
export interface OperationFilter {
  readonly id?: string
  readonly kind?: OperationKind
  readonly method?: string
}

/** Everything that callers did and saw in a run, in the order in which they began. */
export class History {
  readonly operations: readonly Operation[]

  constructor(operations: readonly Operation[]) {
    this.operations = operations
  }

  /** The operations on entities of one type. */
  of(contract: Pick<AnyEntity, 'name'>, filter: OperationFilter = {}): readonly Operation[] {
    return this.operations.filter(
      ({ type, id, kind, method }) =>
        type === contract.name &&
        (filter.id === undefined || filter.id === id) &&
        (filter.kind === undefined || filter.kind === kind) &&
        (filter.method === undefined || filter.method === method),
    )
  }

  /** The same, entity by entity. */
  byEntity(contract: Pick<AnyEntity, 'name'>, filter: OperationFilter = {}): ReadonlyMap<string, readonly Operation[]> {
    const groups = new Map<string, Operation[]>()
    for (const operation of this.of(contract, filter)) {
      const group = groups.get(entityOf(operation))
      if (group === undefined) groups.set(entityOf(operation), [operation])
      else group.push(operation)
    }
    return groups
  }
}
