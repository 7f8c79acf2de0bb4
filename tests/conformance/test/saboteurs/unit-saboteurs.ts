import { setImmediate } from 'node:timers/promises'
import type { Unit, UnitResult } from '@cruster/core/ports'
import { type Saboteur, alter, applied } from './alter-storage.ts'

export const keepsPartOfRefusedUnits: Saboteur = (inner) =>
  alter(inner, {
    commit: async (units) => {
      const results = await inner.commit(units)
      for (const [index, unit] of units.entries()) {
        if (results[index]?.kind !== 'gone') continue
        await inner.commit(unit.operations.map((operation) => ({ ...unit, operations: [operation] })))
      }
      return results
    },
  })

export const stopsAtTheFirstRefusal: Saboteur = (inner) =>
  alter(inner, {
    commit: async (units) => {
      const results: UnitResult[] = []
      for (const unit of units) {
        const last = results.at(-1)
        if (last !== undefined && last.kind !== 'applied') results.push(last)
        else results.push(...(await inner.commit([unit])))
      }
      return results
    },
  })

export const refusesConcurrentCallsTogether: Saboteur = (inner) => {
  let turn: Promise<readonly UnitResult[]> | undefined
  const gathered: Unit[] = []
  return alter(inner, {
    commit: async (units) => {
      const from = gathered.push(...units) - units.length
      turn ??= setImmediate().then(() => {
        turn = undefined
        return inner.commit(gathered.splice(0))
      })
      const results = await turn
      const refusal = results.find(({ kind }) => kind === 'gone')
      return units.map((_, index) => refusal ?? results[from + index] ?? applied)
    },
  })
}

export const appliesUnitsBackwards: Saboteur = (inner) =>
  alter(inner, { commit: async (units) => (await inner.commit(units.toReversed())).toReversed() })

export const answersBackwards: Saboteur = (inner) =>
  alter(inner, { commit: async (units) => (await inner.commit(units)).toReversed() })
