import { MemoryLogger, VirtualClock } from '@cruster/core/memory'
import type { StorageTransaction } from '@cruster/core/ports'
import { expect, it, onTestFinished } from 'vitest'
import { openSqliteStorage, type SqliteStorage } from '../../src/index.ts'
import { commit, fence, never, pendingIds, saveMessage, sending } from '../samples.ts'

async function setUp() {
  const clock = new VirtualClock()
  const logger = new MemoryLogger()
  const storage = await openSqliteStorage({ file: ':memory:', clock, logger, transactionTimeout: '5s' })
  onTestFinished(() => storage[Symbol.asyncDispose]())
  await storage.claim([fence(1)])
  await inTransaction(storage, async ({ sql, commit: end }) => {
    await sql.query`create table notes (note text primary key)`
    await end([])
  })
  return { clock, logger, storage }
}

async function inTransaction<T>(storage: SqliteStorage, work: (it: Bound) => Promise<T>): Promise<T> {
  await using transaction = await storage.begin(fence(1), never)
  return await work({ sql: transaction.sql, commit: (operations) => transaction.commit(operations) })
}

type Bound = Pick<StorageTransaction, 'sql' | 'commit'>

const notes = (storage: SqliteStorage) =>
  inTransaction(storage, async ({ sql }) =>
    (await sql.query<{ note: string }>`select note from notes`).map((row) => row.note),
  )

it('lets other writes wait until it ends, and reads go on without its operations', async () => {
  const { storage } = await setUp()
  const transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`insert into notes values ('x')`
  let isAnswered = false
  const sent = commit(storage, sending('m')).finally(() => (isAnswered = true))

  expect(await pendingIds(storage)).toEqual([])
  expect(isAnswered).toBe(false)
  await transaction.commit([saveMessage('first')])
  await sent

  expect(await pendingIds(storage)).toEqual(['first', 'm'])
})

it('takes transactions in the order of asking', async () => {
  const { storage } = await setUp()
  const order: number[] = []

  await Promise.all(
    [1, 2, 3].map((number) =>
      inTransaction(storage, async ({ commit: end }) => void (await end([]), order.push(number))),
    ),
  )

  expect(order).toEqual([1, 2, 3])
})

it('is rolled back when it takes longer than the time-out, and lets others go on', async () => {
  const { clock, logger, storage } = await setUp()
  await using transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`insert into notes values ('lost')`
  const sent = commit(storage, sending('m'))

  await clock.advance(5000)

  expect(await sent).toEqual({ kind: 'applied', sequences: [1] })
  for (const call of [() => transaction.sql.query`select 1`, () => transaction.commit([])])
    await expect(call()).rejects.toMatchObject({
      code: 'STORAGE',
      outcome: 'not-started',
      message:
        'The transaction was rolled back because it took longer than 5000 ms (option transactionTimeout). The statement ' +
        "was not run. Keep the transaction's work inside the handler, await each statement, and do slow work outside of it.",
    })
  const text = 'transaction rolled back: it held the writer for too long'
  expect(logger.lines).toEqual([{ level: 'warn', message: text, fields: { timeoutMs: 5000, ...fence(1) } }])
  expect(await notes(storage)).toEqual([])
})

it('counts its time from its turn, not from the asking', async () => {
  const { clock, storage } = await setUp()
  const first = await storage.begin(fence(1), never)
  const second = storage.begin(fence(1), never)
  await clock.advance(4000)
  await first[Symbol.asyncDispose]()
  await using late = await second

  await clock.advance(4000)

  expect(await late.commit([])).toEqual({ kind: 'applied', sequences: [] })
})

it('is rolled back when its signal aborts', async () => {
  const { storage } = await setUp()
  const abort = new AbortController()
  await using transaction = await storage.begin(fence(1), abort.signal)
  await transaction.sql.query`insert into notes values ('lost')`

  abort.abort()

  await expect(transaction.sql.query`select 1`).rejects.toThrow('was rolled back because its handler was aborted')
  expect(await notes(storage)).toEqual([])
})

it('does not begin when its signal aborts before its turn', async () => {
  const { storage } = await setUp()
  const abort = new AbortController()
  const first = await storage.begin(fence(1), never)
  const waiting = storage.begin(fence(1), abort.signal)

  abort.abort()

  const refusal = { code: 'STORAGE', outcome: 'not-started', message: expect.stringContaining('was not begun') }
  await expect(waiting).rejects.toMatchObject(refusal)
  await expect(storage.begin(fence(1), abort.signal)).rejects.toMatchObject(refusal)
  await first[Symbol.asyncDispose]()
  expect(await notes(storage)).toEqual([])
})

it('refuses statements and a second commit when it is over', async () => {
  const { storage } = await setUp()
  const transaction = await storage.begin(fence(1), never)
  await transaction.commit([])

  await expect(transaction.sql.query`select 1`).rejects.toThrow('The transaction was committed.')
  await expect(transaction.commit([])).rejects.toThrow('The transaction was committed.')
  await transaction[Symbol.asyncDispose]()
})

it('goes on after a statement that SQLite refuses', async () => {
  const { storage } = await setUp()

  await inTransaction(storage, async ({ sql, commit: end }) => {
    await sql.query`insert into notes values ('a')`
    await expect(sql.query`insert into notes values ('a')`).rejects.toMatchObject({
      code: 'STORAGE',
      outcome: 'not-started',
      message: expect.stringContaining('UNIQUE constraint failed: notes.note'),
      cause: expect.objectContaining({ code: 'ERR_SQLITE_ERROR' }),
    })
    await sql.query`insert into notes values ('b')`
    await end([])
  })

  expect(await notes(storage)).toEqual(['a', 'b'])
})

it('is over when a statement makes SQLite roll back', async () => {
  const { storage } = await setUp()
  const transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`insert into notes values ('a')`

  await expect(transaction.sql.query`insert or rollback into notes values ('a')`).rejects.toThrow('UNIQUE')
  await expect(transaction.sql.query`insert into notes values ('b')`).rejects.toThrow('was rolled back by SQLite')

  expect(await notes(storage)).toEqual([])
})

it('reads tables as they are after a rollback has taken back a change of them', async () => {
  const { storage } = await setUp()
  const read = () => inTransaction(storage, ({ sql }) => sql.query`select * from notes`)
  await inTransaction(storage, async ({ sql, commit: end }) => {
    await sql.query`insert into notes values ('a')`
    await end([])
  })

  await inTransaction(storage, async ({ sql }) => {
    await sql.query`alter table notes add column length integer default 1`
    expect(await sql.query`select * from notes`).toEqual([{ note: 'a', length: 1 }])
  })

  expect(await read()).toEqual([{ note: 'a' }])
})

it('says that nothing was stored when a deferred constraint stops its commit', async () => {
  const { storage } = await setUp()
  const transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`create table links (note text references notes deferrable initially deferred)`
  await transaction.sql.query`insert into links values ('nowhere')`

  await expect(transaction.commit([saveMessage('m')])).rejects.toMatchObject({
    outcome: 'not-started',
    message: expect.stringContaining('FOREIGN KEY constraint failed'),
  })

  expect(await pendingIds(storage)).toEqual([])
  expect(await commit(storage, sending('n'))).toEqual({ kind: 'applied', sequences: [1] })
})
