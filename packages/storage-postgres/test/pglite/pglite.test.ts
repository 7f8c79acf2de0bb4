import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryLogger } from '@cruster/core/memory'
import { openPgliteStorage } from '@cruster/storage-postgres/pglite'
import { expect, it, onTestFinished } from 'vitest'
import { commit, fence, never, pendingIds, sending } from '../samples.ts'

it('warns of what PGlite does not promise, and guards its folder', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cruster-pglite-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const dataDir = join(folder, 'data')
  const logger = new MemoryLogger()
  await using storage = await openPgliteStorage({ dataDir, logger, transactionTimeout: '200ms' })

  expect(logger.lines).toMatchObject([{ level: 'warn', fields: { dataDir } }])
  await expect(openPgliteStorage({ dataDir })).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringContaining(`is in use by process ${process.pid}.`),
  })

  // It has one connection, so a transaction that never ends is ended.
  await storage.claim([fence(1)])
  const transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`create table notes (note text)`
  expect((await commit(storage, sending('m'))).kind).toBe('applied')
  await expect(transaction.commit([])).rejects.toThrow('took longer than 200 ms')
  expect(await pendingIds(storage)).toEqual(['m'])
})
