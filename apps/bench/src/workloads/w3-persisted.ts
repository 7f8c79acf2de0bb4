import { SingleRunner } from 'cruster'
import { postgresStorage } from '@cruster/storage-postgres'
import type { Environment, Load, RateWorkload } from '../workload.ts'
import { DurableCounter, VolatileCounter, countingHandlers, entityCount, entityId } from './counter.ts'
import { insertLoad } from './insert.ts'

const insertOnce = (environment: Environment): Promise<Load> => insertLoad(environment, 1, (table) => table.insert())

/** A persisted rpc: stored, run, its reply stored. */
export const w3: RateWorkload = {
  kind: 'rate',
  id: 'w3',
  title: 'persisted rpc, counter in memory',
  baselineTitle: 'autocommit INSERT of 200 bytes, pool of 20',
  needs: ['postgres'],
  goals: new Map([
    [1, 0.45],
    [64, 1.5],
  ]),
  sides: {
    baseline: insertOnce,
    cruster: async (environment) => {
      const { ran, register } = countingHandlers()
      const runner = await SingleRunner.start({ storage: storageOf(environment), register })
      const client = runner.client(VolatileCounter)
      return {
        operation: (caller, turn) => client.get(entityId(caller, turn)).storedEcho(turn),
        verify: async () => ({ ran: ran.storedEcho }),
        [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
      }
    },
  },
}

/** An activity: a change of state, exactly once. */
export const w3a: RateWorkload = {
  kind: 'rate',
  id: 'w3a',
  title: 'activity: state change, exactly once',
  baselineTitle: 'autocommit INSERT of 200 bytes, pool of 20',
  needs: ['postgres'],
  goals: new Map([
    [1, 0.75],
    [64, 3],
  ]),
  sides: {
    baseline: insertOnce,
    cruster: async (environment) => {
      const { register } = countingHandlers()
      const runner = await SingleRunner.start({ storage: storageOf(environment), register })
      const client = runner.client(DurableCounter)
      return {
        operation: (caller, turn) => client.get(entityId(caller, turn)).increment(1),
        verify: async () => ({ state: await total((id) => client.get(id).count()) }),
        [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
      }
    },
  },
}

export function storageOf({ postgresUrl }: Environment): ReturnType<typeof postgresStorage> {
  return postgresStorage({ connectionString: postgresUrl ?? '' })
}

/** What all counters together have counted. */
export async function total(count: (id: string) => Promise<number>): Promise<number> {
  const ids = Array.from({ length: entityCount }, (_, index) => `counter-${index}`)
  const counts = await Promise.all(ids.map(count))
  return counts.reduce((sum, value) => sum + value, 0)
}
