import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock, Storage } from '@cruster/core/ports'
import { openSqliteStorage } from '@cruster/storage-sqlite'

/** A storage on which scenarios are played. Each opening is an empty one. */
export interface StorageUnderTest {
  readonly name: string
  readonly open: (clock: Clock) => Promise<Storage>
}

/**
 * Storages whose outcomes have to be the same. A new one joins here; it has to answer within the moment of virtual time in which it
 * is asked, so one that waits for the world outside needs a test of its own.
 */
export const storages: readonly [StorageUnderTest, ...StorageUnderTest[]] = [
  { name: 'SQLite in memory', open: (clock) => openSqliteStorage({ file: ':memory:', clock }) },
  { name: 'SQLite in a file', open: openInFile },
]

async function openInFile(clock: Clock): Promise<Storage> {
  const folder = mkdtempSync(join(tmpdir(), 'cruster-simulation-'))
  const storage = await openSqliteStorage({ file: join(folder, 'cruster.db'), durability: 'os', clock })
  const dispose = storage[Symbol.asyncDispose].bind(storage)
  storage[Symbol.asyncDispose] = async () => {
    await dispose()
    rmSync(folder, { recursive: true })
  }
  return storage
}
