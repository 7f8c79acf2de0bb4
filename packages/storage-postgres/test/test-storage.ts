import { openPostgresStorage, type PostgresStorage, type PostgresStorageOptions } from '@cruster/storage-postgres'
import { sharedPostgres, type PostgresServer } from '@cruster/testing/servers'
import pg from 'pg'
import { onTestFinished } from 'vitest'

let schemas = 0

/** A schema of one test on the server of the run, dropped at its end. */
export interface TestSchema {
  readonly server: PostgresServer
  readonly schema: string
  /** Opens a storage in it. Several are like several processes. */
  open(options?: PostgresStorageOptions): Promise<PostgresStorage>
  /** Runs SQL as somebody else; its search path is the schema. */
  query(sql: string, ...values: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
  /** A connection of somebody else. */
  connect(): Promise<pg.Client>
}

export async function testSchema(): Promise<TestSchema> {
  const server = await sharedPostgres()
  const schema = `test_${process.pid}_${++schemas}`
  const admin = new pg.Client({ connectionString: server.url, options: `-c search_path=${schema}` })
  await admin.connect()
  const others: AsyncDisposable[] = []
  onTestFinished(async () => {
    for (const other of others) await other[Symbol.asyncDispose]()
    await admin.query(`drop schema if exists ${schema} cascade`)
    await admin.end()
  })
  return {
    server,
    schema,
    async open(options = {}) {
      const client = { options: `-c search_path=${schema}` }
      const storage = await openPostgresStorage({ connectionString: server.url, client, schema, ...options })
      others.unshift(storage)
      return storage
    },
    async query(sql, ...values) {
      const { rows } = await admin.query<Record<string, unknown>>(sql, [...values])
      return rows
    },
    async connect() {
      const client = new pg.Client({ connectionString: server.url, options: `-c search_path=${schema}` })
      await client.connect()
      others.unshift({ [Symbol.asyncDispose]: () => client.end() })
      return client
    },
  }
}

/** Waits until a condition in the database or elsewhere holds. */
export async function until(sentence: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`did not happen: ${sentence}`)
}
