import { expect, it } from 'vitest'
import { fence, never, pendingIds, putState, saveMessage } from './samples.ts'
import { testSchema } from './test-storage.ts'

it('enqueues in the transaction of a handler, with its other effects', async () => {
  const { open } = await testSchema()
  const storage = await open()
  await storage.claim([fence(1)])

  await using lost = await storage.begin(fence(1), never)
  expect(await storage.enqueue(lost.sql, [saveMessage('lost')])).toEqual({ kind: 'applied', sequences: [1] })
  await lost[Symbol.asyncDispose]()
  await using kept = await storage.begin(fence(1), never)
  expect(await storage.enqueue(kept.sql, [saveMessage('kept')])).toEqual({ kind: 'applied', sequences: [1] })
  expect(await kept.commit([putState('a', 1), saveMessage('too')])).toEqual({ kind: 'applied', sequences: [2] })

  expect(await pendingIds(storage)).toEqual(['kept', 'too'])
})

it('says so when the transaction has failed before, and leaves what the user did alone when a message is known', async () => {
  const { open, connect, query } = await testSchema()
  const storage = await open()
  await query('create table orders (id int primary key)')
  const user = await connect()

  await user.query('begin')
  await expect(user.query('select broken')).rejects.toThrow('broken')
  await expect(storage.enqueue(user, [saveMessage('m')])).rejects.toMatchObject({
    code: 'STORAGE',
    outcome: 'not-started',
    message: expect.stringContaining('a statement in the transaction has failed'),
  })
  await user.query('rollback')
  await user.query('begin')
  await user.query('insert into orders values (1)')
  expect(await storage.enqueue(user, [saveMessage('m')])).toEqual({ kind: 'applied', sequences: [1] })
  expect(await storage.enqueue(user, [saveMessage('m')])).toMatchObject({ kind: 'duplicate', id: 'm' })
  await user.query('insert into orders values (2)')
  await user.query('commit')

  expect(await query('select id from orders order by id')).toEqual([{ id: 1 }, { id: 2 }])
  expect(await pendingIds(storage)).toEqual(['m'])
})

it('answers one of two users who enqueue the same message at the same moment with what the other stored', async () => {
  const { open, connect } = await testSchema()
  const storage = await open()
  const [one, other] = [await connect(), await connect()]
  await one.query('begin')
  await other.query('begin')

  expect(await storage.enqueue(one, [saveMessage('m')])).toEqual({ kind: 'applied', sequences: [1] })
  const waiting = storage.enqueue(other, [saveMessage('m')])
  await one.query('commit')
  expect(await waiting).toMatchObject({ kind: 'duplicate', id: 'm' })
  expect(await storage.enqueue(other, [saveMessage('n')])).toEqual({ kind: 'applied', sequences: [2] })
  await other.query('commit')

  expect(await pendingIds(storage)).toEqual(['m', 'n'])
})
