import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '@cruster/core/memory'
import type { Storage } from '@cruster/core/ports'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import type { StorageWorld } from '@cruster/testing'

/** A SQLite storage in memory, on a virtual clock. `wrap` may put a layer around it. */
export async function memoryWorld(wrap: (storage: Storage) => Storage = (storage) => storage): Promise<StorageWorld> {
  const clock = new VirtualClock()
  const storage = await openSqliteStorage({ file: ':memory:', clock })
  return {
    storage: wrap(storage),
    advance: (ms) => clock.advance(ms),
    async [Symbol.asyncDispose]() {
      await endTransactions(clock)
      await storage[Symbol.asyncDispose]()
    },
  }
}

/** A SQLite storage in a file of its own, which can be closed and opened again. */
export async function fileWorld(wrap: (storage: Storage) => Storage = (storage) => storage): Promise<StorageWorld> {
  const clock = new VirtualClock()
  const folder = await mkdtemp(join(tmpdir(), 'cruster-sqlite-'))
  const open = async (): Promise<Storage> => wrap(await openSqliteStorage({ file: join(folder, 'data.db'), clock }))
  let storage = await open()
  return {
    storage,
    advance: (ms) => clock.advance(ms),
    async reopen() {
      await storage[Symbol.asyncDispose]()
      storage = await open()
      return storage
    },
    async [Symbol.asyncDispose]() {
      await endTransactions(clock)
      await storage[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

/** A law that fails may leave a transaction open, and a storage waits for those when it closes. */
const endTransactions = (clock: VirtualClock): Promise<void> => clock.advance(10_000)
