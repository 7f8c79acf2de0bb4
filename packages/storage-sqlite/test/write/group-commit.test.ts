import { DatabaseSync } from 'node:sqlite'
import { SystemClock } from '@cruster/core'
import { expect, it } from 'vitest'
import { GroupCommit } from '../../src/write/group-commit.ts'
import { WriterLane, type Leave } from '../../src/writer-lane.ts'
import { CountingConnection } from './counting-connection.ts'

function setUp() {
  const database = new DatabaseSync(':memory:')
  database.exec('create table notes (note text primary key); create table pages (page blob)')
  const connection = new CountingConnection(database)
  const lane = new WriterLane()
  const group = new GroupCommit(connection, lane, new SystemClock())
  const insert = database.prepare('insert into notes values (?)')
  const notes = () =>
    database
      .prepare('select note from notes order by note')
      .all()
      .map((row) => row['note'])
  return { database, connection, lane, group, notes, write: (note: string) => () => insert.run(note) }
}

it('puts all calls of one turn into one transaction', async () => {
  const { connection, group, notes, write } = setUp()

  await Promise.all(['a', 'b', 'c'].map((note) => group.run(write(note))))
  await group.run(write('d'))

  expect(connection.commits).toBe(2)
  expect(notes()).toEqual(['a', 'b', 'c', 'd'])
})

it('gathers what arrives while the lane is taken', async () => {
  const { connection, lane, group, write } = setUp()
  let leave: Leave = () => undefined
  lane.enter((giveBack) => (leave = giveBack))
  const first = group.run(write('a'))
  await new Promise((resolve) => new SystemClock().defer(() => resolve(undefined)))
  const second = group.run(write('b'))

  leave()
  await Promise.all([first, second])

  expect(connection.commits).toBe(1)
})

it('splits a flood into several transactions', async () => {
  const { connection, group, notes, write } = setUp()

  await Promise.all(Array.from({ length: 1200 }, (_, index) => group.run(write(`${index}`))))

  expect(connection.commits).toBe(3)
  expect(notes()).toHaveLength(1200)
})

it('answers a call with its result, in the order of the calls', async () => {
  const { group } = setUp()
  const order: string[] = []

  const results = await Promise.all(
    ['a', 'b'].map(async (name) => {
      const result = await group.run(() => name.toUpperCase())
      order.push(name)
      return result
    }),
  )

  expect(results).toEqual(['A', 'B'])
  expect(order).toEqual(['a', 'b'])
})

it('rejects only the call that the database refuses, and stores nothing of it', async () => {
  const { group, notes, write } = setUp()
  const half = () => {
    write('half')()
    write('a')()
  }

  const results = await Promise.allSettled([group.run(write('a')), group.run(half), group.run(write('b'))])

  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(results[1]).toMatchObject({ reason: { code: 'STORAGE', outcome: 'not-started' } })
  expect(notes()).toEqual(['a', 'b'])
})

it('says that the outcome is unknown when the commit itself fails, and runs nothing twice', async () => {
  const { database, group, notes, write } = setUp()
  const pullTheRug = () => database.exec('rollback')

  const results = await Promise.allSettled([group.run(write('a')), group.run(pullTheRug)])

  for (const result of results)
    expect(result).toMatchObject({ reason: { outcome: 'unknown', message: expect.stringContaining('may or may not') } })
  expect(notes()).toEqual([])
})

it('is not disturbed by a call that ended a transaction before', async () => {
  const { database, group, notes, write } = setUp()
  await group.run(() => database.exec('rollback')).catch(() => undefined)

  await group.run(write('a'))

  expect(notes()).toEqual(['a'])
})

it('rejects calls while the disk is full, and goes on when there is room again', async () => {
  const { database, group, notes, write } = setUp()
  const page = () => database.prepare('insert into pages values (zeroblob(60000))').run()
  database.exec('pragma max_page_count = 10')

  await expect(group.run(page)).rejects.toMatchObject({
    outcome: 'not-started',
    message: expect.stringContaining('Nothing of it was stored. The disk is full; free space, then retry.'),
  })
  await group.run(write('small'))
  database.exec('pragma max_page_count = 1000')
  await group.run(page)

  expect(notes()).toEqual(['small'])
})

it('rejects all calls when no transaction can be opened', async () => {
  const { database, group, write } = setUp()
  database.exec('begin')

  const results = await Promise.allSettled([group.run(write('a')), group.run(write('b'))])
  database.exec('rollback')

  for (const result of results) expect(result).toMatchObject({ reason: { outcome: 'not-started' } })
  await group.run(write('a'))
})
