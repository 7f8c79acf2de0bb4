import { SingleRunner } from 'cruster'
import { postgresStorage } from '@cruster/storage-postgres'
import { inTurns } from '../measure/in-turns.ts'
import { settledMemory } from '../measure/settled-memory.ts'
import { VolatileCounter, countingHandlers } from '../workloads/counter.ts'
import { givenArgument, tell } from './program.ts'

/** What this program is given. */
export interface CrowdTask {
  readonly postgresUrl: string
  /** Entities that it brings into memory. */
  readonly entities: number
}

/** What it tells of its memory. */
export interface Crowd {
  readonly bytesAtBoot: number
  readonly bytesPerEntity: number
}

/** A runner alone in its process, with nothing loaded but what it needs, and many entities that nobody calls any more. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the parent gives
const { postgresUrl, entities } = givenArgument() as CrowdTask
const runner = await SingleRunner.start({
  storage: postgresStorage({ connectionString: postgresUrl }),
  register: countingHandlers().register,
  config: { maxIdleTime: '1 hour' },
})
const client = runner.client(VolatileCounter)
await client.get('warm').echo(1)
const boot = await settledMemory()
const call = (index: number): Promise<unknown> => client.get(`entity-${index}`).echo(index)
await inTurns({ count: 1000 }, call)
const before = await settledMemory()
await inTurns({ count: entities }, (index) => call(index + 1000))
const after = await settledMemory()
await runner[Symbol.asyncDispose]()
const crowd: Crowd = { bytesAtBoot: boot.rss, bytesPerEntity: (after.heapUsed - before.heapUsed) / entities }
tell(crowd)
process.disconnect()
