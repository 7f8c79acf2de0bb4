import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqliteStorage } from '../src/index.ts'
import { databaseFile } from './samples.ts'

describe('opening a file', () => {
  it('is refused while the same process has it open, and works again when that is closed', async () => {
    const file = databaseFile()
    const first = await openSqliteStorage({ file })

    await expect(openSqliteStorage({ file })).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining(`is in use by process ${process.pid}.`),
    })
    await first[Symbol.asyncDispose]()

    await using second = await openSqliteStorage({ file })
    expect(second.durable).toBe(true)
  })

  it('is refused under another name of the same file', async () => {
    const file = databaseFile()
    const alias = join(dirname(file), 'alias')
    symlinkSync(dirname(file), alias)
    await using first = await openSqliteStorage({ file })

    await expect(openSqliteStorage({ file: join(alias, 'cruster.db') })).rejects.toThrow('in use')
    expect(first.name).toBe(`sqlite ${file}`)
  })

  it('creates the folder', async () => {
    const file = join(dirname(databaseFile()), 'some', 'where', 'cruster.db')

    await using storage = await openSqliteStorage({ file })

    expect(await storage.newestEpoch()).toBe(0)
  })

  it('is refused when the folder cannot be created', async () => {
    const file = databaseFile()
    writeFileSync(file, '')

    await expect(openSqliteStorage({ file: join(file, 'below a file.db') })).rejects.toMatchObject({ code: 'CONFIG' })
  })

  it('is refused when the file is something else, and leaves the file unlocked', async () => {
    const file = databaseFile()
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'Dear diary, today I was mistaken for a database. '.repeat(100))

    for (const _ of [1, 2])
      await expect(openSqliteStorage({ file })).rejects.toMatchObject({
        code: 'CONFIG',
        message: `${file} is not a SQLite database. Nothing was changed. Check the path, or move the file away.`,
      })
  })

  it('fails with a StorageError when the disk refuses', async () => {
    const file = databaseFile()
    mkdirSync(`${file}.lock`)

    await expect(openSqliteStorage({ file })).rejects.toMatchObject({
      code: 'STORAGE',
      outcome: 'not-started',
      message: expect.stringContaining(`SQLite failed while opening ${file}: unable to open database file.`),
    })
  })

  it('keeps storages in memory apart', async () => {
    await using one = await openSqliteStorage({ file: ':memory:' })
    await using other = await openSqliteStorage({ file: ':memory:' })

    expect([one.durable, other.durable]).toEqual([false, false])
  })

  it('refuses a transaction time-out that is no duration', async () => {
    await expect(openSqliteStorage({ file: ':memory:', transactionTimeout: -1 })).rejects.toThrow('transactionTimeout')
  })
})
