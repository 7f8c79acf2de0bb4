import { expect, it } from 'vitest'
import { address, commit, fence, message, never, pendingIds, sending, shard } from './samples.ts'
import { testSchema } from './test-storage.ts'

it('finishes what was accepted before it closes', async () => {
  const { open } = await testSchema()
  const [storage, other] = [await open(), await open()]
  const accepted = storage.commit([sending('m')])

  await storage[Symbol.asyncDispose]()

  expect(await accepted).toEqual([{ kind: 'applied', sequences: [1] }])
  expect(await pendingIds(other)).toEqual(['m'])
})

it('waits for an open transaction and for those who wait for its connection', async () => {
  const { open, query } = await testSchema()
  const storage = await open({ transactionConnections: 1 })
  await storage.claim([fence(1)])
  await query('create table notes (note text)')
  const first = await storage.begin(fence(1), never)
  const second = storage.begin(fence(1), never)

  const closing = storage[Symbol.asyncDispose]()
  expect(await first.commit([])).toEqual({ kind: 'applied', sequences: [] })
  await using later = await second
  await later.sql.query`insert into notes values ('kept')`
  expect(await later.commit([])).toEqual({ kind: 'applied', sequences: [] })
  await closing

  expect(await query('select * from notes')).toEqual([{ note: 'kept' }])
})

it('refuses whatever comes later, and says why', async () => {
  const { open } = await testSchema()
  const storage = await open()
  await Promise.all([storage[Symbol.asyncDispose](), storage[Symbol.asyncDispose]()])

  const calls = [
    () => storage.commit([sending('m')]),
    () => storage.claim([fence(1)]),
    () => storage.begin(fence(1), never),
    () => storage.prune(1),
    () => storage.newestEpoch(),
    () => storage.states.load(address('a')),
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
      message: expect.stringContaining('is closed. Nothing was read or stored.'),
    })
})

it('refuses a unit without a fence that only an owner may commit', async () => {
  const { open } = await testSchema()
  const storage = await open()
  const complete = { kind: 'completeMessage', id: message('m').id } as const

  await expect(commit(storage, { operations: [complete] })).rejects.toMatchObject({
    outcome: 'not-started',
    message: expect.stringContaining('A unit without a fence holds completeMessage'),
  })
})
