import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { openPgliteStorage } from '@cruster/storage-postgres/pglite'
import type { OwnTransaction, StorageWorld } from '@cruster/testing'

let worlds = 0

/** A storage in a schema of its own of a PGlite that worlds share, because opening one takes seconds. */
export async function pgliteWorld(database: PGlite): Promise<StorageWorld> {
  const schema = `law_${++worlds}`
  await database.exec(
    `create schema ${schema}; create table ${schema}.law_clock (now_ms float8); ` +
      `insert into ${schema}.law_clock values (1700000000000)`,
  )
  const storage = await openPgliteStorage({ database, schema, now: `(select now_ms from ${schema}.law_clock)` })
  return {
    storage,
    begin: () => beginOwn(database),
    async advance(ms) {
      await database.query(`update ${schema}.law_clock set now_ms = now_ms + $1`, [ms])
    },
    async [Symbol.asyncDispose]() {
      await storage[Symbol.asyncDispose]()
      await database.exec(`drop schema ${schema} cascade; drop table if exists public.law_notes`)
    },
  }
}

/** A PGlite in a folder, which can be closed and opened again. Its time is the real one. */
export async function pgliteFolderWorld(): Promise<StorageWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'cruster-pglite-'))
  const open = () => openPgliteStorage({ dataDir: join(folder, 'data') })
  let storage = await open()
  return {
    storage,
    advance: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    async reopen() {
      await storage[Symbol.asyncDispose]()
      storage = await open()
      return storage
    },
    async [Symbol.asyncDispose]() {
      await storage[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

/** PGlite has one connection: whoever else wants to read or write waits until the transaction has ended. */
async function beginOwn(database: PGlite): Promise<OwnTransaction> {
  let finish: (how: 'commit' | 'rollback') => void = () => undefined
  const finished = new Promise<'commit' | 'rollback'>((resolve) => (finish = resolve))
  let ended: Promise<void> = Promise.resolve()
  const transaction = await new Promise<OwnTransaction['transaction']>((resolve) => {
    ended = database.transaction(async (begun) => {
      resolve(begun)
      if ((await finished) === 'rollback') await begun.rollback()
    })
  })
  const end = (how: 'commit' | 'rollback') => async () => {
    finish(how)
    await ended
  }
  return { transaction, hasOthersBeside: false, commit: end('commit'), rollback: end('rollback') }
}
