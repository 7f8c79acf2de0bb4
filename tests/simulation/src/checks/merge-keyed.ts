import { isDeepStrictEqual } from 'node:util'
import type { Operation, Violation } from '@cruster/testing'
import { entityOf } from '@cruster/testing'

/** Operations as a model knows them: those under one key are one. */
export function mergeKeyed(operations: readonly Operation[]): readonly Operation[] {
  const keyed = Map.groupBy(operations, ({ key, index }) => key ?? index)
  const merged = [...keyed.values()].map((same) => (same.length === 1 ? same[0] : mergeSame(same)))
  return merged.filter((operation) => operation !== undefined).toSorted((a, b) => a.startedAt - b.startedAt)
}

function mergeSame(same: readonly Operation[]): Operation | undefined {
  const [first] = same
  if (first === undefined) return undefined
  const returned = same.filter(({ outcome }) => outcome.kind === 'returned')
  const told = returned[0] ?? same.find(({ outcome }) => outcome.kind === 'unknown') ?? first
  const ends = returned.map(({ endedAt }) => endedAt ?? Infinity)
  return { ...told, startedAt: first.startedAt, endedAt: ends.length === 0 ? told.endedAt : Math.min(...ends) }
}

/** A request with a key has one outcome for all its callers. */
export function checkKeyed(operations: readonly Operation[]): readonly Violation[] {
  const keyed = Map.groupBy(
    operations.filter(({ key, outcome }) => key !== undefined && outcome.kind === 'returned'),
    (operation) => `${entityOf(operation)} ${operation.method} ${operation.kind} ${operation.key}`,
  )
  return [...keyed].flatMap(([name, [first, ...others]]) =>
    first !== undefined && others.some(({ outcome }) => !isDeepStrictEqual(outcome, first.outcome))
      ? [{ check: 'one outcome per key', message: `${name} has several outcomes`, about: entityOf(first) }]
      : [],
  )
}
