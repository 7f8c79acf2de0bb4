import type { Storage } from '@cruster/core/ports'
import { openPostgresStorage } from '@cruster/storage-postgres'
import type { StorageWorld } from '@cruster/testing'
import { sharedPostgres } from '@cruster/testing/servers'
import pg from 'pg'

let worlds = 0

/**
 * A PostgreSQL storage in a schema of its own, which is also where users' tables go; its time is in a table, and only tests
 * move it. `wrap` may put a layer around it.
 */
export async function postgresWorld(wrap: (storage: Storage) => Storage = (storage) => storage): Promise<StorageWorld> {
  const { url } = await sharedPostgres()
  const schema = `law_${process.pid}_${++worlds}`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(
    `create schema ${schema}; create table ${schema}.law_clock (now_ms float8); ` +
      `insert into ${schema}.law_clock values (1700000000000)`,
  )
  const client = { options: `-c search_path=${schema}`, application_name: schema }
  const now = `(select now_ms from ${schema}.law_clock)`
  const open = (): Promise<Storage> => openPostgresStorage({ connectionString: url, client, schema, now })
  const users: pg.Client[] = []
  let storage = await open()
  return {
    storage: wrap(storage),
    async begin() {
      const user = new pg.Client({ connectionString: url })
      await user.connect()
      await user.query('begin')
      users.push(user)
      return {
        transaction: user,
        hasOthersBeside: true,
        commit: () => end(user, 'commit'),
        rollback: () => end(user, 'rollback'),
      }
    },
    async advance(ms) {
      await admin.query(`update ${schema}.law_clock set now_ms = now_ms + $1`, [ms])
    },
    async reopen() {
      await storage[Symbol.asyncDispose]()
      storage = await open()
      return wrap(storage)
    },
    async [Symbol.asyncDispose]() {
      // A law that fails may leave a transaction open, and a storage waits for those when it closes.
      for (const user of users) await user.end()
      await admin.query(endTransactionsSql, [`${schema} transactions`])
      await storage[Symbol.asyncDispose]()
      await admin.query(`drop schema ${schema} cascade`)
      await admin.end()
    },
  }
}

const endTransactionsSql = 'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1'

async function end(user: pg.Client, verb: 'commit' | 'rollback'): Promise<void> {
  await user.query(verb)
}
