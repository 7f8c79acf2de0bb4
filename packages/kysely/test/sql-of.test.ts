import { epoch, requestId, shardId } from '@cruster/core'
import { kysely, sqlOf } from '@cruster/kysely'
import { openPostgresStorage } from '@cruster/storage-postgres'
import { sharedPostgres } from '@cruster/testing/servers'
import { expect, it } from 'vitest'

const shard = shardId('default', 0)
const fence = { shard, epoch: epoch(1) }

// Making a database takes its time on a busy machine.
it(
  'enqueues messages in a transaction of Kysely, and runs statements with their values',
  { timeout: 60_000 },
  async () => {
    await using database = await (await sharedPostgres()).createDatabase()
    await using storage = await openPostgresStorage({ connectionString: database.url })
    await storage.claim([fence])
    const message = {
      id: requestId('m'),
      address: { shard, type: 'Counter', id: 'a' },
      method: 'add',
      payload: new Uint8Array([1]),
      headers: {},
      oneWay: true,
      retainMs: 1000,
    }

    await using transaction = await storage.begin(fence, new AbortController().signal)
    const sql = sqlOf(kysely(transaction.sql))
    expect(await sql.query`select ${7}::int + ${35}::int as sum`).toEqual([{ sum: 42 }])
    expect(await storage.enqueue(sql, [{ kind: 'saveMessage', message }])).toEqual({ kind: 'applied', sequences: [1] })
    expect(await storage.messages.find(message.id)).toBeUndefined()
    await transaction.commit([])

    expect((await storage.messages.find(message.id))?.status).toBe('pending')
  },
)
