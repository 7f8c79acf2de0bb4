import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { embedded } from '../../scripts/embed-migrations.ts'
import { migrate } from '../../src/schema/migrate.ts'
import { sqlNames } from '../../src/schema/sql-names.ts'
import { migrations } from '../../src/gen/migrations.ts'
import { PgSessions } from '../../src/session/pg-sessions.ts'
import { commit, sending } from '../samples.ts'
import { testSchema } from '../test-storage.ts'
import { describeSchema } from './describe-schema.ts'

const migrationsFolder = new URL('../../../../migrations/', import.meta.url)

it('ships the migrations as they are in the folder of the repository', () => {
  const shipped = readFileSync(new URL('../../src/gen/migrations.ts', import.meta.url), 'utf8')

  expect(shipped).toBe(embedded())
})

it('makes the schema that is written down beside the migrations', async () => {
  const { open, query, schema } = await testSchema()
  await open()

  await expect(`${await describeSchema(query, schema)}\n`).toMatchFileSnapshot(
    new URL('schema.sql', migrationsFolder).pathname,
  )
})

it('is migrated once when many start at the same time', async () => {
  const { open, query } = await testSchema()

  const storages = await Promise.all(Array.from({ length: 8 }, () => open({ connections: 2 })))

  expect(await query('select version, name from migrations')).toEqual([
    { version: 1, name: '0001-initial' },
    { version: 2, name: '0002-executions' },
    { version: 3, name: '0003-fewer-writes' },
    { version: 4, name: '0004-keys-by-name' },
  ])
  const [result] = await Promise.all(storages.map((storage, index) => commit(storage, sending(`m${index}`))))
  expect(result?.kind).toBe('applied')
})

it('refuses a schema that is newer than it knows', async () => {
  const { open, query, schema } = await testSchema()
  await open()
  await query("insert into migrations values (5, '0005-later', 0)")

  await expect(open()).rejects.toMatchObject({
    code: 'CONFIG',
    message:
      `Schema "${schema}" has version 5, but this release of @cruster/storage-postgres knows versions up to 4. Nothing was ` +
      'changed. Start a release that is at least as new as the one that migrated the database.',
  })
})

it('goes on from an older schema, and leaves everything as it was when a step fails', async () => {
  const { open, query, schema, server } = await testSchema()
  await open()
  const sessions = new PgSessions({
    client: { connectionString: server.url },
    limit: 1,
    acquireTimeoutMs: 5000,
    onIdleError: () => undefined,
  })
  const session = await sessions.acquire()
  const names = sqlNames(schema)
  const step = { name: '0005-colours', sql: 'create table colours (name text); create table others (name text);' }
  const failing = { name: '0006-failing', sql: 'create table more (name text); select 1 / 0;' }

  await expect(migrate(session, names, [...migrations, step, failing])).rejects.toThrow('division by zero')
  expect(await query("select to_regclass('colours') as colours, to_regclass('more') as more")).toEqual([
    { colours: null, more: null },
  ])
  await migrate(session, names, [...migrations, step])

  expect(await query('select version, name from migrations order by version')).toEqual([
    { version: 1, name: '0001-initial' },
    { version: 2, name: '0002-executions' },
    { version: 3, name: '0003-fewer-writes' },
    { version: 4, name: '0004-keys-by-name' },
    { version: 5, name: '0005-colours' },
  ])
  session.release('usable')
  await sessions.close()
})

it.each(['', 'Cruster', 'a-b', '1st', 'pg_cruster', 'a"b', 'x'.repeat(64)])('refuses the schema name %j', (schema) => {
  expect(() => sqlNames(schema)).toThrow('cannot be the schema of a storage')
})

it('keeps clusters in one database apart, each in its schema', async () => {
  const [one, other] = [await testSchema(), await testSchema()]
  const [first, second] = [await one.open(), await other.open()]

  await commit(first, sending('m'))

  expect(await commit(second, sending('m'))).toEqual({ kind: 'applied', sequences: [1] })
})
