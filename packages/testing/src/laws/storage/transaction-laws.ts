import assert from 'node:assert/strict'
import type { Fence, SqlTransaction, Storage } from '@cruster/core/ports'
import type { Law } from '../../law.ts'
import { address, complete, fence, home, own, pending, putState, saveMessage, stateOf } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

const never = new AbortController().signal

export const transactionLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST13',
    title: 'shows user SQL together with the operations of its transaction',
    async check({ storage }) {
      const owner = await ownWithTable(storage)

      await using transaction = await storage.begin(owner, never)
      await note(transaction.sql, 'kept')
      const result = await transaction.commit([putState('a', 1, 'state'), saveMessage('m')])

      assert.deepEqual(result, { kind: 'applied', sequences: [1] })
      assert.equal(await stateOf(storage, 'a'), 'state')
      assert.deepEqual(await notes(storage, owner), ['kept'])
    },
  },
  {
    id: 'ST13b',
    title: 'forgets user SQL when an operation of its transaction is refused, and the operations with it',
    async check({ storage }) {
      const owner = await ownWithTable(storage)

      await using transaction = await storage.begin(owner, never)
      await note(transaction.sql, 'lost')
      const result = await transaction.commit([putState('a', 1, 'lost'), saveMessage('lost'), complete('unknown')])

      assert.deepEqual(result, { kind: 'gone', id: 'unknown' })
      assert.equal(await storage.states.load(address('a')), undefined)
      assert.deepEqual(await pending(storage), [])
      assert.deepEqual(await notes(storage, owner), [])
    },
  },
  {
    id: 'ST13c',
    title: 'forgets user SQL of a transaction that is disposed without a commit, or aborted',
    async check({ storage }) {
      const owner = await ownWithTable(storage)
      const abort = new AbortController()

      const disposed = await storage.begin(owner, never)
      await note(disposed.sql, 'disposed')
      await disposed[Symbol.asyncDispose]()
      await using aborted = await storage.begin(owner, abort.signal)
      await note(aborted.sql, 'aborted')
      abort.abort()

      await assert.rejects(aborted.commit([putState('a', 1, 'lost')]))
      assert.equal(await storage.states.load(address('a')), undefined)
      assert.deepEqual(await notes(storage, owner), [])
    },
  },
  {
    id: 'ST13d',
    title: 'lets a transaction read what it has written, and be given up after a statement that failed',
    async check({ storage }) {
      const owner = await ownWithTable(storage)
      await using transaction = await storage.begin(owner, never)
      await note(transaction.sql, 'mine')

      assert.deepEqual(await readNotes(transaction.sql), ['mine'])
      await assert.rejects(transaction.sql.execute({ sql: 'select * from law_no_such_table', parameters: [] }))
      await transaction[Symbol.asyncDispose]()

      assert.deepEqual(await notes(storage, owner), [])
    },
  },
  {
    id: 'ST14',
    title: 'fences a transaction at its commit',
    async check({ storage }) {
      const former = await ownWithTable(storage)
      const newer = await own(storage, 2)

      await using transaction = await storage.begin(former, never)
      await note(transaction.sql, 'late')
      const result = await transaction.commit([putState('a', 1, 'late')])

      assert.deepEqual(result, { kind: 'fenced', shard: home })
      assert.equal(await storage.states.load(address('a')), undefined)
      assert.deepEqual(await notes(storage, newer), [])
    },
  },
  {
    id: 'ST14b',
    title: 'fences a transaction without operations as well, and one of an epoch that was never claimed',
    async check({ storage }) {
      const former = await ownWithTable(storage)
      const newer = await own(storage, 2)

      for (const epoch of [former, fence(3)]) {
        await using transaction = await storage.begin(epoch, never)
        await note(transaction.sql, 'late')
        assert.deepEqual(await transaction.commit([]), { kind: 'fenced', shard: home })
      }

      assert.deepEqual(await notes(storage, newer), [])
    },
  },
  {
    id: 'ST14c',
    title: 'answers a claim only when no open transaction of a former owner can commit any more',
    async check({ storage }) {
      const former = await ownWithTable(storage)
      const order: string[] = []

      await using transaction = await storage.begin(former, never)
      await note(transaction.sql, 'x')
      const claiming = storage.claim([fence(2)]).then(() => order.push('claimed'))
      const result = await transaction.commit([])
      order.push(result.kind)
      await claiming

      assert.notDeepEqual(order, ['claimed', 'applied'])
    },
  },
]

async function ownWithTable(storage: Storage): Promise<Fence> {
  const owner = await own(storage, 1)
  await using transaction = await storage.begin(owner, never)
  await transaction.sql.execute({ sql: 'create table law_notes (note text not null)', parameters: [] })
  assert.equal((await transaction.commit([])).kind, 'applied')
  return owner
}

async function note(sql: SqlTransaction, text: string): Promise<void> {
  await sql.query`insert into law_notes (note) values (${text})`
}

async function readNotes(sql: SqlTransaction): Promise<string[]> {
  const rows = await sql.query<{ note: string }>`select note from law_notes order by note`
  return rows.map((row) => row.note)
}

async function notes(storage: Storage, owner: Fence): Promise<string[]> {
  await using transaction = await storage.begin(owner, never)
  return await readNotes(transaction.sql)
}
