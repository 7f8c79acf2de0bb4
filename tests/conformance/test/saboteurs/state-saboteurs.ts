import type { Operation, Unit, UnitResult } from '@cruster/core/ports'
import { type Saboteur, alter, alterOperations } from './alter-storage.ts'

export const putsStatesOnAnyVersion: Saboteur = (inner) =>
  alter(inner, {
    commit: async (units) => {
      const results: UnitResult[] = []
      for (const unit of units) {
        const operations: Operation[] = []
        for (const operation of unit.operations) {
          if (operation.kind !== 'putState') operations.push(operation)
          else {
            const { version } = (await inner.states.load(operation.address)) ?? { version: 0 }
            operations.push({ ...operation, version: version + 1 })
          }
        }
        results.push(...(await inner.commit([{ ...unit, operations }])))
      }
      return results
    },
  })

export const loadsTheFirstState: Saboteur = (inner) => {
  const first = new Map<string, Uint8Array>()
  return alter(inner, {
    states: {
      load: async (address) => {
        const loaded = await inner.states.load(address)
        if (loaded === undefined) return undefined
        const state = first.get(address.id) ?? loaded.state
        first.set(address.id, state)
        return { ...loaded, state }
      },
    },
  })
}

export const ignoresExpectations: Saboteur = (inner) =>
  alterOperations(inner, (operation) => (operation.kind === 'expectState' ? [] : [operation]))

export const checksExpectationsBeforeTheCommit: Saboteur = (inner) =>
  alter(inner, {
    commit: async (units) => {
      const checked = units.map(async (unit): Promise<Unit> => {
        const operations = unit.operations.map(async (operation): Promise<Operation> => {
          if (operation.kind !== 'expectState') return operation
          const state = await inner.states.load(operation.address)
          const isMet = (state?.version ?? 0) === operation.version
          return isMet ? operation : { ...operation, version: -1 }
        })
        return { ...unit, operations: await Promise.all(operations) }
      })
      return inner.commit(await Promise.all(checked))
    },
  })
