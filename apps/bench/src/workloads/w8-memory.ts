import { setTimeout as pause } from 'node:timers/promises'
import { SingleRunner } from 'cruster'
import type { Environment, Figure, FigureWorkload } from '../workload.ts'
import { VolatileCounter, countingHandlers } from './counter.ts'
import { storageOf } from './w3-persisted.ts'

const residentEntities = 10_000
const callsAtOnce = 256

/** What a runner takes of memory: after its start, and for each entity that is idle in memory. */
export const w8: FigureWorkload = {
  kind: 'figures',
  id: 'w8',
  title: 'memory: at boot, and per idle entity',
  needs: ['postgres'],
  measure: measureMemory,
}

async function measureMemory(environment: Environment): Promise<readonly Figure[]> {
  const { register } = countingHandlers()
  await using runner = await SingleRunner.start({
    storage: storageOf(environment),
    register,
    config: { maxIdleTime: '1 hour' },
  })
  const client = runner.client(VolatileCounter)
  await client.get('warm').echo(1)
  const boot = (await settledMemory()).rss
  const call = (index: number): Promise<unknown> => client.get(`entity-${index}`).echo(index)
  await inTurns(1000, call)
  const before = await settledMemory()
  await inTurns(residentEntities, (index) => call(index + 1000))
  const after = await settledMemory()
  const perEntity = (after.heapUsed - before.heapUsed) / residentEntities
  return [
    { name: 'resident memory at boot', value: boot / 2 ** 20, unit: 'MB', atMost: 90 },
    { name: 'per idle entity', value: perEntity, unit: 'bytes', atMost: 2000 },
  ]
}

/** Does something so often, a few hundred at once. */
export async function inTurns(count: number, call: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += callsAtOnce) {
    const size = Math.min(callsAtOnce, count - from)
    await Promise.all(Array.from({ length: size }, (_, offset) => call(from + offset)))
  }
}

/** Memory after what can be freed was freed. Needs `--expose-gc`. */
export async function settledMemory(): Promise<NodeJS.MemoryUsage> {
  if (globalThis.gc === undefined) throw new Error('Memory is measured in a process with --expose-gc.')
  for (let round = 0; round < 3; round++) {
    await pause(100)
    await globalThis.gc({ type: 'major', execution: 'async' })
  }
  return process.memoryUsage()
}
