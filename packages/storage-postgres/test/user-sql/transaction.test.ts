import { requestId } from '@cruster/core'
import { MemoryLogger } from '@cruster/core/memory'
import type { StorageTransaction } from '@cruster/core/ports'
import type { PostgresStorage, PostgresStorageOptions } from '@cruster/storage-postgres'
import { expect, it } from 'vitest'
import { commit, fence, never, pendingIds, saveMessage, saveReply } from '../samples.ts'
import { testSchema, until } from '../test-storage.ts'

async function setUp(options: PostgresStorageOptions = {}) {
  const database = await testSchema()
  const logger = new MemoryLogger()
  const storage = await database.open({ logger, ...options })
  await storage.claim([fence(1)])
  await database.query('create table notes (note text primary key)')
  const notes = async () => (await database.query('select note from notes order by note')).map(({ note }) => note)
  return { ...database, logger, storage, notes }
}

async function inTransaction<T>(storage: PostgresStorage, work: (it: StorageTransaction) => Promise<T>): Promise<T> {
  await using transaction = await storage.begin(fence(1), never)
  return await work(transaction)
}

it('gives a transaction its own connection: nobody waits for it', async () => {
  const { storage, notes } = await setUp()
  await using one = await storage.begin(fence(1), never)
  await using other = await storage.begin(fence(1), never)
  await one.sql.query`insert into notes values ('one')`
  await other.sql.query`insert into notes values ('other')`

  expect((await commit(storage, { operations: [saveMessage('m')] })).kind).toBe('applied')
  await other.commit([])
  await one.commit([])

  expect(await notes()).toEqual(['one', 'other'])
})

it('binds values, and gives back what PostgreSQL has', async () => {
  const { storage } = await setUp()
  const text = "'; drop table notes; --"

  const rows = await inTransaction(storage, async ({ sql }) => {
    const bytes = new Uint8Array([0, 255])
    return sql.query`select ${text}::text as text, ${bytes}::bytea as bytes, ${null}::int as none, ${2 ** 40}::int8 as big,
      ${true}::bool as yes, ${undefined}::text as nothing`
  })

  const bytes = Buffer.from([0, 255])
  expect(rows).toEqual([{ text, bytes, none: null, big: String(2 ** 40), yes: true, nothing: null }])
})

it('says how many rows a statement touched', async () => {
  const { storage } = await setUp()

  const affected = await inTransaction(storage, async ({ sql }) => {
    const inserted = await sql.execute({ sql: 'insert into notes values ($1), ($2)', parameters: ['a', 'b'] })
    const updated = await sql.execute({ sql: "update notes set note = note || '!'", parameters: [] })
    return [inserted.affected, updated.affected]
  })

  expect(affected).toEqual([2, 2])
})

it('refuses to commit after a statement that failed, and names it', async () => {
  const { storage, notes } = await setUp()

  await inTransaction(storage, async ({ sql }) => {
    await sql.query`insert into notes values ('a')`
    await expect(sql.query`insert into notes values ('a')`).rejects.toMatchObject({
      code: 'STORAGE',
      outcome: 'not-started',
      message: expect.stringContaining('notes_pkey'),
    })
  })
  await using transaction = await storage.begin(fence(1), never)
  await expect(transaction.sql.query`select 1 / 0`).rejects.toThrow('division by zero')

  await expect(transaction.commit([saveMessage('m')])).rejects.toMatchObject({
    outcome: 'not-started',
    message: expect.stringContaining('a statement in it has failed'),
    cause: expect.objectContaining({ message: 'division by zero' }),
  })
  expect(await notes()).toEqual([])
  expect(await pendingIds(storage)).toEqual([])
})

it('goes on after a failure between savepoints', async () => {
  const { storage, notes } = await setUp()

  await using transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`savepoint part`
  await expect(transaction.sql.query`select 1 / 0`).rejects.toThrow('division by zero')
  await transaction.sql.query`rollback to savepoint part`
  await transaction.sql.query`insert into notes values ('a')`

  expect(await transaction.commit([saveMessage('m')])).toEqual({ kind: 'applied', sequences: [1] })
  expect(await notes()).toEqual(['a'])
})

it.each([
  'begin',
  'COMMIT',
  ' end',
  '-- x\nrollback',
  '/* x */ commit',
  'abort',
  'start transaction',
  "prepare transaction 'x'",
])('refuses %j, because the handler decides about the transaction', async (sql) => {
  const { storage } = await setUp()

  await inTransaction(storage, async (transaction) => {
    await expect(transaction.sql.execute({ sql, parameters: [] })).rejects.toThrow('ends with the handler')
    expect(await transaction.sql.query`select 1 as one`).toEqual([{ one: 1 }])
  })
})

it('refuses a text of several statements', async () => {
  const { storage } = await setUp()

  await inTransaction(storage, async ({ sql }) => {
    const several = sql.execute({ sql: "insert into notes values ('a'); commit", parameters: [] })
    await expect(several).rejects.toThrow('cannot insert multiple commands')
  })
})

it('refuses to copy from the client or to it, and the connection is of use afterwards', async () => {
  const { storage, notes } = await setUp({ transactionConnections: 1 })

  await inTransaction(storage, async ({ sql }) => {
    await expect(sql.query`copy notes from stdin`).rejects.toMatchObject({ code: 'STORAGE', outcome: 'not-started' })
  })

  await inTransaction(storage, async (transaction) => {
    await transaction.sql.query`insert into notes values ('a')`
    await transaction.commit([])
  })
  expect(await notes()).toEqual(['a'])
})

it('has begun also when the first statement has a value that cannot be sent', async () => {
  const { storage, notes } = await setUp()
  const circular: Record<string, unknown> = {}
  circular['self'] = circular

  await inTransaction(storage, async ({ sql }) => {
    await expect(sql.query`select ${circular}::json`).rejects.toThrow('circular')
    await sql.query`insert into notes values ('taken back')`
    expect(await sql.query``).toEqual([])
  })

  expect(await notes()).toEqual([])
})

it('takes back what the handler did when a message that it completes is not pending any more', async () => {
  const { storage, notes } = await setUp()

  const result = await inTransaction(storage, async (transaction) => {
    await transaction.sql.query`insert into notes values ('lost')`
    return transaction.commit([{ kind: 'completeMessage', id: requestId('unknown') }])
  })

  expect(result).toEqual({ kind: 'gone', id: 'unknown' })
  expect(await notes()).toEqual([])
})

it('cancels the statement that runs when its signal aborts', async () => {
  const { storage, query, notes } = await setUp()
  const abort = new AbortController()
  await using transaction = await storage.begin(fence(1), abort.signal)
  await transaction.sql.query`insert into notes values ('lost')`
  const sleeping = transaction.sql.query`select pg_sleep(60)`
  sleeping.catch(() => undefined)
  await until('it sleeps', async () => (await query(sleepersSql)).length === 1)

  abort.abort()

  await expect(sleeping).rejects.toThrow('was rolled back because its handler was aborted')
  await until('nobody sleeps', async () => (await query(sleepersSql)).length === 0)
  await expect(transaction.sql.query`select 1`).rejects.toThrow('was rolled back because its handler was aborted')
  await expect(transaction.commit([])).rejects.toMatchObject({ code: 'STORAGE', outcome: 'not-started' })
  expect(await notes()).toEqual([])
})

const sleepersSql =
  "select from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()"

it('does not begin when its signal aborts while it waits for a connection', async () => {
  const { storage } = await setUp({ transactionConnections: 1 })
  const first = await storage.begin(fence(1), never)
  const abort = new AbortController()
  const waiting = storage.begin(fence(1), abort.signal)

  abort.abort()

  const refusal = { outcome: 'not-started', message: expect.stringContaining('was not begun') }
  await expect(waiting).rejects.toMatchObject(refusal)
  await expect(storage.begin(fence(1), abort.signal)).rejects.toMatchObject(refusal)
  await first[Symbol.asyncDispose]()
  expect(await inTransaction(storage, (transaction) => transaction.commit([]))).toEqual({
    kind: 'applied',
    sequences: [],
  })
})

it('is rolled back when it takes longer than the time-out', async () => {
  const { storage, logger, notes } = await setUp({ transactionTimeout: '100ms' })
  await using transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`insert into notes values ('lost')`

  await expect(transaction.sql.query`select pg_sleep(60)`).rejects.toThrow('took longer than 100 ms')

  expect(logger.lines).toMatchObject([{ level: 'warn', fields: { timeoutMs: 100, ...fence(1) } }])
  expect(await notes()).toEqual([])
})

it('says that nothing was stored when a deferred constraint stops its commit', async () => {
  const { storage } = await setUp()
  await using transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`create table links (note text references notes deferrable initially deferred)`
  await transaction.sql.query`insert into links values ('nowhere')`

  await expect(transaction.commit([saveMessage('m')])).rejects.toMatchObject({
    outcome: 'not-started',
    fault: 'statement',
    message: expect.stringContaining('foreign key constraint'),
  })

  expect(await pendingIds(storage)).toEqual([])
})

it('is refused as a duplicate when somebody else records the reply at the same moment', async () => {
  const { storage, connect, schema, notes, query } = await setUp()
  const other = await connect()
  await using transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`insert into notes values ('lost')`
  await other.query('begin')
  await other.query(`insert into ${schema}.replies values ('r', 'default:0', 'Counter', 'a', null, '\\x01', 0, null)`)
  const committing = transaction.commit([saveReply('r')])
  await until('it waits for the other', async () => (await query(waitersSql)).length === 1)

  await other.query('commit')

  expect(await committing).toMatchObject({ kind: 'duplicate', id: 'r', exit: new Uint8Array([1]) })
  expect(await notes()).toEqual([])
})

const waitersSql =
  "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%' || current_schema() || '%'"

it('refuses statements and a second commit when it is over', async () => {
  const { storage } = await setUp()
  const transaction = await storage.begin(fence(1), never)
  await transaction.commit([])

  await expect(transaction.sql.query`select 1`).rejects.toThrow('The transaction was committed.')
  await expect(transaction.commit([])).rejects.toThrow('The transaction was committed.')
  await transaction[Symbol.asyncDispose]()
})
