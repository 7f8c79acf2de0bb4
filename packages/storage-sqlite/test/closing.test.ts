import { VirtualClock } from '@cruster/core/memory'
import { expect, it } from 'vitest'
import { openSqliteStorage } from '../src/index.ts'
import { databaseFile, fence, never, pendingIds, sending, address, shard, message } from './samples.ts'

it('finishes what was accepted before it closes', async () => {
  const file = databaseFile()
  const storage = await openSqliteStorage({ file })
  const accepted = storage.commit([sending('m')])

  await storage[Symbol.asyncDispose]()

  expect(await accepted).toEqual([{ kind: 'applied', sequences: [1] }])
  await using reopened = await openSqliteStorage({ file })
  expect(await pendingIds(reopened)).toEqual(['m'])
})

it('waits for an open transaction and for those behind it', async () => {
  const file = databaseFile()
  const storage = await openSqliteStorage({ file })
  await storage.claim([fence(1)])
  const first = await storage.begin(fence(1), never)
  const second = storage.begin(fence(1), never)

  const closing = storage[Symbol.asyncDispose]()
  await first.sql.query`create table notes (note text)`
  await first.commit([])
  await using later = await second
  await later.sql.query`insert into notes values ('kept')`
  expect(await later.commit([])).toEqual({ kind: 'applied', sequences: [] })
  await closing

  await using reopened = await openSqliteStorage({ file })
  await using reading = await reopened.begin(fence(1), never)
  expect(await reading.sql.query`select note from notes`).toEqual([{ note: 'kept' }])
})

it('refuses whatever comes later, and says why', async () => {
  const storage = await openSqliteStorage({ file: ':memory:', clock: new VirtualClock() })
  await storage[Symbol.asyncDispose]()

  const calls = [
    () => storage.commit([sending('m')]),
    () => storage.claim([fence(1)]),
    () => storage.begin(fence(1), never),
    () => storage.prune(1),
    () => storage.newestEpoch(),
    () => storage.states.load(address),
    () => storage.replies.find(message('m').id),
    () => storage.messages.find(message('m').id),
    () => storage.messages.pending({ shard, after: 0, dueWithinMs: 0, limit: 1 }),
    () => storage.messages.lastSequences([shard]),
    () => storage.messages.list({ limit: 1 }),
    () => storage.messages.deadLetters({ limit: 1 }),
  ]

  for (const call of calls)
    await expect(call()).rejects.toMatchObject({
      code: 'STORAGE',
      outcome: 'not-started',
      message:
        'sqlite :memory: is closed. Nothing was read or stored. Dispose the storage after everything that uses it.',
    })
})

it('closes once, however often it is asked to', async () => {
  const storage = await openSqliteStorage({ file: databaseFile() })

  await Promise.all([storage[Symbol.asyncDispose](), storage[Symbol.asyncDispose]()])

  await expect(storage.newestEpoch()).rejects.toThrow('is closed')
})
