import type { SqlTransaction } from '@cruster/core/ports'
import { expect, it, onTestFinished } from 'vitest'
import { openSqliteStorage } from '../../src/index.ts'
import { fence, never } from '../samples.ts'

async function openSql(): Promise<SqlTransaction> {
  const storage = await openSqliteStorage({ file: ':memory:' })
  await storage.claim([fence(1)])
  const transaction = await storage.begin(fence(1), never)
  onTestFinished(async () => {
    await transaction[Symbol.asyncDispose]()
    await storage[Symbol.asyncDispose]()
  })
  return transaction.sql
}

it.each([
  ['text', "it's; drop table notes", 'text', "it's; drop table notes"],
  ['a whole number', 5, 'integer', 5],
  ['a fraction', 1.5, 'real', 1.5],
  ['a large whole number', 2 ** 60, 'real', 2 ** 60],
  ['a bigint', 2n ** 60n, 'integer', 2n ** 60n],
  ['a small bigint', 5n, 'integer', 5],
  ['true', true, 'integer', 1],
  ['false', false, 'integer', 0],
  ['null', null, 'null', null],
  ['undefined', undefined, 'null', null],
  ['bytes', new Uint8Array([0, 255]), 'blob', new Uint8Array([0, 255])],
  ['no bytes', new Uint8Array(0), 'blob', new Uint8Array(0)],
  ['a Buffer', Buffer.from([1]), 'blob', new Uint8Array([1])],
  ['a Date', new Date(0), 'text', '1970-01-01T00:00:00.000Z'],
])('binds %s', async (...row) => {
  const [, value, type, read] = row
  const sql = await openSql()

  expect(await sql.query`select typeof(${value}) as type, ${value} as value`).toEqual([{ type, value: read }])
})

it.each([
  ['an object', {}],
  ['an object', [1]],
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
  ['an invalid Date', new Date(Number.NaN)],
])('refuses %s as a parameter', async (kind, value) => {
  const sql = await openSql()

  await expect(sql.query`select ${1}, ${value}`).rejects.toMatchObject({
    code: 'STORAGE',
    message:
      `SQL parameter 2 is ${kind}, which SQLite cannot store. The statement was not run. ` +
      'Pass a string, number, bigint, boolean, null, Uint8Array or valid Date; encode other values first.',
  })
})

it('reports rows and how many were affected', async () => {
  const sql = await openSql()
  const run = (text: string, ...parameters: unknown[]) => sql.execute({ sql: text, parameters })

  expect(await run('create table notes (id integer primary key, note text)')).toEqual({ rows: [], affected: 0 })
  expect(await run('insert into notes (note) values (?), (?)', 'a', 'b')).toEqual({ rows: [], affected: 2 })
  expect(await run("insert into notes (note) values ('c') returning id")).toEqual({ rows: [{ id: 3 }], affected: 1 })
  expect(await run('update notes set note = note || ? where id < 3', '!')).toEqual({ rows: [], affected: 2 })
  expect(await run('select note from notes where id > 1')).toEqual({
    rows: [{ note: 'b!' }, { note: 'c' }],
    affected: 2,
  })
  expect(await run('delete from notes')).toEqual({ rows: [], affected: 3 })
})

it.each(['begin', 'COMMIT', ' end', '-- x\nrollback', '/* x */ commit', 'rollback transaction'])(
  'refuses %j, because the handler decides about the transaction',
  async (text) => {
    const sql = await openSql()

    await expect(sql.execute({ sql: text, parameters: [] })).rejects.toThrow('ends with the handler')

    expect(await sql.query`select 1 as one`).toEqual([{ one: 1 }])
  },
)

it('allows savepoints', async () => {
  const sql = await openSql()
  await sql.query`create table notes (note text)`

  await sql.query`savepoint part`
  await sql.query`insert into notes values ('lost')`
  await sql.query`rollback to part`
  await sql.query`release part`

  expect(await sql.query`select * from notes`).toEqual([])
})

it('refuses a text of several statements, of which SQLite would run the first', async () => {
  const sql = await openSql()
  const run = (text: string) => sql.execute({ sql: text, parameters: [] })

  await expect(run('create table a (x); create table b (x)')).rejects.toThrow('More than one statement')
  expect(await run('create table a (x);\n -- the end\n/* ; */')).toEqual({ rows: [], affected: 0 })
})

it.each(['', '  -- nothing'])('refuses the empty statement %j', async (text) => {
  const sql = await openSql()

  await expect(sql.execute({ sql: text, parameters: [] })).rejects.toMatchObject({ code: 'STORAGE' })
})

it('reads tables that changed after the statement was first run', async () => {
  const sql = await openSql()
  await sql.query`create table notes (note text)`
  await sql.query`insert into notes values ('a')`
  expect(await sql.query`select * from notes`).toEqual([{ note: 'a' }])

  await sql.query`alter table notes add column length integer default 1`

  expect(await sql.query`select * from notes`).toEqual([{ note: 'a', length: 1 }])
})

it('forgets the oldest of very many statements, and runs it again when asked', async () => {
  const sql = await openSql()

  for (let index = 0; index < 500; index++) await sql.execute({ sql: `select ${index} as x`, parameters: [] })

  expect(await sql.query`select 0 as x`).toEqual([{ x: 0 }])
})

it.each([
  ['a broken constraint', 'insert into pairs values (1, 1)'],
  ['text that is no SQL', 'selekt 1'],
  ['a table that is not there', 'select * from nowhere'],
  ['an end of the transaction', 'commit'],
])('says that %s is the fault of the statement', async (_, text) => {
  const sql = await openSql()
  await sql.query`create table pairs (one integer primary key, other integer)`
  await sql.query`insert into pairs values (1, 2)`

  await expect(sql.execute({ sql: text, parameters: [] })).rejects.toMatchObject({
    code: 'STORAGE',
    fault: 'statement',
  })
})
