import { SingleRunner } from 'cruster'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import type { Load, RateWorkload } from '../workload.ts'
import { VolatileCounter, countingHandlers, entityCount, entityId } from './counter.ts'

/** A volatile rpc to an entity of the same process. */
export const w1: RateWorkload = {
  kind: 'rate',
  id: 'w1',
  title: 'volatile rpc, same process, 256 entities',
  baselineTitle: 'awaited async function out of a Map',
  needs: [],
  goals: new Map([
    [1, undefined],
    [64, 0.08],
  ]),
  sides: {
    baseline: async () => mapOfFunctions(),
    cruster: async () => {
      const { ran, register } = countingHandlers()
      const runner = await SingleRunner.start({ storage: () => openSqliteStorage({ file: ':memory:' }), register })
      const client = runner.client(VolatileCounter)
      return {
        operation: (caller, turn) => client.get(entityId(caller, turn)).echo(turn),
        verify: async () => ({ ran: ran.echo }),
        [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
      }
    },
  },
}

function mapOfFunctions(): Load {
  let ran = 0
  const functions = new Map<string, (value: number) => Promise<number>>()
  for (let id = 0; id < entityCount; id++) {
    functions.set(`counter-${id}`, async (value) => {
      ran += 1
      return value
    })
  }
  return {
    operation: async (caller, turn) => functions.get(entityId(caller, turn))?.(turn),
    verify: async () => ({ ran }),
    async [Symbol.asyncDispose]() {},
  }
}
