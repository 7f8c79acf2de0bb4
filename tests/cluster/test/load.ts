import type { EntityClient, EntityMethods } from '@cruster/core'
import type { TestCluster } from '@cruster/testing'
import type { Counter } from './counter.ts'

type Counters = EntityClient<EntityMethods<typeof Counter>>

/** How a load of increments has gone. */
export interface LoadResult {
  /** Increments that were answered, by counter. */
  readonly acknowledged: ReadonlyMap<string, number>
  /** Increments of which nothing is known, by counter. */
  readonly unknown: ReadonlyMap<string, number>
  readonly errors: readonly unknown[]
}

const ids = Array.from({ length: 200 }, (_, index) => `counter-${index}`)

/** Increments 200 counters by 1 at the same time, each `rounds` times in a row. */
export async function incrementAll(counters: Counters, rounds: number): Promise<LoadResult> {
  const acknowledged = new Map<string, number>()
  const unknown = new Map<string, number>()
  const errors: unknown[] = []
  const add = (to: Map<string, number>, id: string): unknown => to.set(id, (to.get(id) ?? 0) + 1)
  const one = async (id: string): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      try {
        await counters.get(id).increment(1)
        add(acknowledged, id)
      } catch (error) {
        add(unknown, id)
        errors.push(error)
      }
    }
  }
  await Promise.all(ids.map(one))
  return { acknowledged, unknown, errors }
}

/** What every counter says now. */
export async function readAll(cluster: TestCluster, counters: Counters): Promise<ReadonlyMap<string, number>> {
  const read = ids.map(async (id) => [id, await counters.get(id).getCount()] as const)
  return new Map(await cluster.settled(Promise.all(read), 'all counters are read'))
}
