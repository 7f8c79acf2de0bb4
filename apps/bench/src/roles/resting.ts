import { setTimeout as pause } from 'node:timers/promises'
import { SingleRunner } from 'cruster'
import { openPostgresStorage } from '@cruster/storage-postgres'
import { settledMemory } from '../measure/settled-memory.ts'
import { longSleep } from '../workloads/long-sleep.ts'
import { givenArgument, tell } from './program.ts'

/** What this program is given. */
export interface RestingTask {
  readonly postgresUrl: string
  readonly schema: string
  /** How long it looks at what it does when nobody calls it. */
  readonly idleMs: number
}

/** What it tells: its memory, and how much of a core it takes. */
export interface Rest {
  readonly residentBytes: number
  readonly coreShare: number
}

/** A runner that nobody calls. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the parent gives
const { postgresUrl, schema, idleMs } = givenArgument() as RestingTask
const runner = await SingleRunner.start({
  storage: () => openPostgresStorage({ connectionString: postgresUrl, schema }),
  register: [longSleep],
})
await pause(idleMs)
const { rss } = await settledMemory()
const cpu = process.cpuUsage()
await pause(idleMs)
const { user, system } = process.cpuUsage(cpu)
await runner[Symbol.asyncDispose]()
const rest: Rest = { residentBytes: rss, coreShare: (user + system) / 1000 / idleMs }
tell(rest)
process.disconnect()
