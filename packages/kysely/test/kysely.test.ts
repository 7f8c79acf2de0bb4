import { epoch, shardId } from '@cruster/core'
import type { SqlTransaction, Storage } from '@cruster/core/ports'
import { kysely } from '@cruster/kysely'
import { openPostgresStorage } from '@cruster/storage-postgres'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import { sharedPostgres } from '@cruster/testing/servers'
import type { Generated } from 'kysely'
import { describe, expect, expectTypeOf, it } from 'vitest'

interface Tables {
  readonly notes: { readonly id: Generated<number>; readonly text: string; readonly size: number | null }
}

const fence = { shard: shardId('default', 0), epoch: epoch(1) }
const never = new AbortController().signal

/** A storage with an empty table of notes. */
async function openWithNotes(open: () => Promise<Storage>, create: string): Promise<Storage> {
  const storage = await open()
  await storage.claim([fence])
  await inTransaction(storage, async (tx) => void (await tx.execute({ sql: create, parameters: [] })))
  return storage
}

/** Commits unless the work throws. */
async function inTransaction<T>(storage: Storage, work: (tx: SqlTransaction) => Promise<T>): Promise<T> {
  await using transaction = await storage.begin(fence, never)
  const result = await work(transaction.sql)
  await transaction.commit([])
  return result
}

const sqlite = (): Promise<Storage> =>
  openWithNotes(
    () => openSqliteStorage({ file: ':memory:' }),
    'create table notes (id integer primary key, text text not null, size integer)',
  )

async function postgres(): Promise<Storage> {
  const server = await sharedPostgres()
  const database = await server.createDatabase()
  const storage = await openWithNotes(
    () => openPostgresStorage({ connectionString: database.url }),
    'create table notes (id serial primary key, text text not null, size integer)',
  )
  const close = storage[Symbol.asyncDispose].bind(storage)
  storage[Symbol.asyncDispose] = async () => {
    await close()
    await database[Symbol.asyncDispose]()
  }
  return storage
}

describe.each([
  ['SQLite', sqlite],
  ['PostgreSQL', postgres],
])('on %s', (_, open) => {
  it('inserts, reads, updates and deletes with the types of the tables', async () => {
    await using storage = await open()

    const { inserted, read, updated, deleted } = await inTransaction(storage, async (tx) => {
      const db = kysely<Tables>(tx)
      return {
        inserted: await db
          .insertInto('notes')
          .values([
            { text: "it's", size: 4 },
            { text: 'b', size: null },
          ])
          .returning('id')
          .execute(),
        read: await db.selectFrom('notes').selectAll().where('text', '=', "it's").executeTakeFirstOrThrow(),
        updated: await db.updateTable('notes').set({ size: 1 }).where('size', 'is', null).executeTakeFirst(),
        deleted: await db.deleteFrom('notes').executeTakeFirst(),
      }
    })

    expect(inserted.map(({ id }) => id)).toEqual([1, 2])
    expect(read).toEqual({ id: 1, text: "it's", size: 4 })
    expectTypeOf(read.size).toEqualTypeOf<number | null>()
    expect([updated.numUpdatedRows, deleted.numDeletedRows]).toEqual([1n, 2n])
  })

  it('leaves nothing behind when its transaction is rolled back', async () => {
    await using storage = await open()

    const failed = inTransaction(storage, async (tx) => {
      await kysely<Tables>(tx).insertInto('notes').values({ text: 'lost', size: 4 }).execute()
      throw new TypeError('the handler fails')
    })

    await expect(failed).rejects.toThrow('the handler fails')
    const rows = await inTransaction(storage, (tx) => kysely<Tables>(tx).selectFrom('notes').selectAll().execute())
    expect(rows).toEqual([])
  })

  it('refuses transactions of its own, and cursors', async () => {
    await using storage = await open()

    await inTransaction(storage, async (tx) => {
      const db = kysely<Tables>(tx)
      const stream = db.selectFrom('notes').selectAll().stream()

      await expect(db.transaction().execute(async () => undefined)).rejects.toMatchObject({ code: 'CONFIG' })
      await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'CONFIG' })
    })
  })
})
