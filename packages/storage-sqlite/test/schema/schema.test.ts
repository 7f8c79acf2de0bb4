import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { openSqliteStorage } from '../../src/index.ts'
import { migrate } from '../../src/schema/migrate.ts'
import { migrations } from '../../src/schema/migrations.ts'
import { address, commit, databaseFile, fence, message, pendingIds, sending } from '../samples.ts'

const version1 = readFileSync(new URL('../fixtures/version-1.sql', import.meta.url), 'utf8')

function fill(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

function dump(database: DatabaseSync): string {
  const rows = database.prepare("select sql from sqlite_schema where name like 'cruster_%' order by name").all()
  return rows.map((row) => `${String(row['sql'])};\n`).join('\n')
}

function migrated(versions: readonly string[] = migrations): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  migrate(database, versions, 0)
  return database
}

it('gives the schema in schema.sql', async () => {
  await expect(dump(migrated())).toMatchFileSnapshot('../../schema.sql')
})

it('reads a file of version 1', async () => {
  const file = databaseFile()
  fill(file, version1)

  await using storage = await openSqliteStorage({ file })

  expect(await pendingIds(storage)).toEqual(['m1'])
  expect(await storage.states.load(address)).toEqual({ version: 3, state: new Uint8Array([7]) })
  expect((await storage.replies.find(message('r1').id))?.exit).toEqual(new Uint8Array([9]))
  expect(await storage.newestEpoch()).toBe(5)
  expect(await commit(storage, sending('m2'))).toEqual({ kind: 'applied', sequences: [3] })
})

it('adds its tables to a file that holds only tables of the user', async () => {
  const file = databaseFile()
  fill(file, "pragma user_version = 42; create table notes (note text); insert into notes values ('mine')")

  await using storage = await openSqliteStorage({ file })
  await storage.claim([fence(1)])
  await using transaction = await storage.begin(fence(1), new AbortController().signal)

  expect(await transaction.sql.query`select note from notes`).toEqual([{ note: 'mine' }])
  expect(await transaction.sql.query`pragma user_version`).toEqual([{ user_version: 42 }])
})

it('brings a file of an older version up to date, step by step', () => {
  const versions = ['create table cruster_a (x)', 'alter table cruster_a add column y', 'create table cruster_b (x)']
  const database = migrated(versions.slice(0, 1))
  database.exec('insert into cruster_a values (1)')

  migrate(database, versions, 1)
  migrate(database, versions, 2)

  expect(database.prepare('select * from cruster_a').all()).toMatchObject([{ x: 1, y: null }])
  expect(database.prepare('select version, applied_at from cruster_schema').all()).toMatchObject([
    { version: 1, applied_at: 0 },
    { version: 2, applied_at: 1 },
    { version: 3, applied_at: 1 },
  ])
})

it('leaves a file as it was when a migration fails', () => {
  const versions = ['create table cruster_a (x)', 'create table cruster_b (x)', 'create table cruster_a (x)']
  const database = migrated(versions.slice(0, 1))
  const before = dump(database)

  expect(() => migrate(database, versions, 1)).toThrow('already exists')

  expect(dump(database)).toBe(before)
  expect(database.prepare('select version from cruster_schema').all()).toMatchObject([{ version: 1 }])
})

it('refuses a file that a newer release has written', async () => {
  const file = databaseFile()
  fill(file, `${version1}; insert into cruster_schema values (99, 0)`)

  await expect(openSqliteStorage({ file })).rejects.toMatchObject({
    code: 'CONFIG',
    message:
      `${file} has schema version 99, but this release of @cruster/storage-sqlite knows versions up to ` +
      `${migrations.length}. Nothing was changed. Start with a release that is at least as new as the one that wrote ` +
      'the file, or restore a copy from before the upgrade.',
  })
})
