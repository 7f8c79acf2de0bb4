import type { PostgresStorage } from '@cruster/storage-postgres'
import { expect, it, onTestFinished } from 'vitest'
import { fence, never, putState, saveMessage } from '../samples.ts'
import { testSchema } from '../test-storage.ts'
import { countingProxy } from './counting-proxy.ts'

async function setUp() {
  const database = await testSchema()
  const proxy = await countingProxy(database.server.url)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const storage = await database.open({ connectionString: proxy.url, transactionConnections: 1 })
  await storage.claim([fence(1)])
  await database.query('create table notes (note text primary key)')
  return { ...database, storage, take: () => proxy.take() }
}

let versions = 0

async function note(storage: PostgresStorage, text: string): Promise<void> {
  await using transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`insert into notes values (${text})`
  expect((await transaction.commit([putState(`a${++versions}`, 1)])).kind).toBe('applied')
}

it('takes two round trips for a transaction of one statement: one for it, one for the commit', async () => {
  const { storage, take } = await setUp()
  await note(storage, 'first')
  take()

  await note(storage, 'second')

  // begin and the user's statement; settings, what is written, and commit
  expect(take()).toMatchObject({ syncs: 2, executes: 5 })
})

it('prepares what comes again on a connection, and then sends no text any more', async () => {
  const { storage, take } = await setUp()
  await note(storage, '1')
  await note(storage, '2')
  take()

  await note(storage, '3')

  expect(take().parses).toBe(0)
})

it('asks the server for nothing when no statement came', async () => {
  const { storage, take } = await setUp()
  await note(storage, 'first')
  take()

  const transaction = await storage.begin(fence(1), never)
  await transaction[Symbol.asyncDispose]()

  expect(take()).toEqual({ syncs: 0, parses: 0, executes: 0 })
})

it('goes on when a message that may be skipped is known: the rest and the rows of the handler are kept', async () => {
  const { storage, query } = await setUp()
  await storage.commit([{ operations: [saveMessage('known')] }])
  await using transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`insert into notes values ('kept')`

  const result = await transaction.commit([{ ...saveMessage('known'), ifNew: true }, saveMessage('new')])

  expect(result).toEqual({ kind: 'applied', sequences: [0, 2] })
  expect(await query('select note from notes')).toEqual([{ note: 'kept' }])
})

it('commits a message that may be skipped, and is new, in one round trip', async () => {
  const { storage, take } = await setUp()
  await using transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`insert into notes values ('kept')`
  take()

  const result = await transaction.commit([{ ...saveMessage('new'), ifNew: true }])

  expect(result).toEqual({ kind: 'applied', sequences: [1] })
  expect(take().syncs).toBe(1)
})

it('gives the columns of today when a table has changed since the same query was answered', async () => {
  const { storage, query } = await setUp()
  const rows = async () => {
    await using transaction = await storage.begin(fence(1), never)
    return await transaction.sql.query`select * from notes`
  }
  await note(storage, 'a')
  for (let time = 1; time <= 3; time++) expect(await rows()).toEqual([{ note: 'a' }])

  await query('alter table notes add column seen int default 7')

  expect(await rows()).toEqual([{ note: 'a', seen: 7 }])
})

it('inserts as before when a table has changed since the statement was prepared', async () => {
  const { storage, query } = await setUp()
  for (const text of ['a', 'b', 'c']) await note(storage, text)

  await query('alter table notes add column seen int default 7')
  await note(storage, 'd')

  expect(await query("select note, seen from notes where note = 'd'")).toEqual([{ note: 'd', seen: 7 }])
})

it('keeps a hundred texts of a connection, and runs more than that all the same', async () => {
  const { storage, query, take } = await setUp()
  const insert = async (from: number, to: number) => {
    await using transaction = await storage.begin(fence(1), never)
    for (let number = from; number < to; number++)
      await transaction.sql.execute({
        sql: `insert into notes values ('${number} ' || $1)`,
        parameters: [String(++versions)],
      })
    await transaction.commit([])
  }
  for (let round = 1; round <= 3; round++) await insert(0, 120)
  await insert(60, 120)
  take()

  await insert(60, 120)

  expect(take().parses).toBe(0)
  expect(await query('select count(*)::int as n from notes')).toEqual([{ n: 480 }])
})
