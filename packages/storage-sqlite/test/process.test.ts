import { SystemClock } from '@cruster/core'
import { expect, it, onTestFinished } from 'vitest'
import { openSqliteStorage } from '../src/index.ts'
import { startProgram } from './programs/start-program.ts'
import { databaseFile, shard } from './samples.ts'

const holdStorage = new URL('./programs/hold-storage.ts', import.meta.url)
const sendForEver = new URL('./programs/send-for-ever.ts', import.meta.url)

it('refuses a file that another process has open, and names the process', async () => {
  const file = databaseFile()
  const holder = startProgram(holdStorage, file)
  onTestFinished(() => holder.kill())
  await holder.lines.next()

  await expect(openSqliteStorage({ file })).rejects.toThrow(
    `${file} is in use by process ${holder.pid}. Nothing was opened. One process at a time may have a SQLite storage: ` +
      'end the other one, give this one a file of its own, or use PostgreSQL for several runners.',
  )
})

it('opens a file at once when the process that had it was killed', async () => {
  const file = databaseFile()
  const holder = startProgram(holdStorage, file)
  await holder.lines.next()
  await holder.kill()

  await using storage = await openSqliteStorage({ file })

  expect(await storage.newestEpoch()).toBe(0)
})

it('has every unit that was acknowledged before the process was killed', async () => {
  const file = databaseFile()
  const program = startProgram(sendForEver, file)
  const acknowledged = []
  for await (const id of program.lines) {
    acknowledged.push(id)
    if (acknowledged.length === 300) await program.kill()
  }

  await using storage = await openSqliteStorage({ file, clock: new SystemClock() })
  const query = { shard, after: 0, dueWithinMs: 0, limit: 1e6 }
  const stored = await storage.messages.pending(query)

  expect(acknowledged.length).toBeGreaterThanOrEqual(300)
  const ids: ReadonlySet<string> = new Set(stored.map(({ id }) => id))
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
  // Units are whole: as many states written as messages stored, and no gap in the sequences.
  const versions = await Promise.all(
    Array.from({ length: 8 }, (_, sender) => storage.states.load({ shard, type: 'Counter', id: String(sender) })),
  )
  expect(versions.reduce((sum, state) => sum + (state?.version ?? 0), 0)).toBe(stored.length)
  expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1))
})
