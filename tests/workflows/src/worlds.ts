import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { VirtualClock } from '@cruster/core/memory'
import { openPostgresStorage } from '@cruster/storage-postgres'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import type { TestClusterOptions } from '@cruster/testing'
import { TestCluster } from '@cruster/testing'
import { sharedPostgres } from '@cruster/testing/servers'
import pg from 'pg'
import { onTestFailed, onTestFinished } from 'vitest'
import type { Scene, World } from './world.ts'

const minuteMs = 60_000
const momentMs = 120
const shards = { shardsPerGroup: 16 }

/** A TestCluster as users have it in their tests: SQLite in memory, on virtual time. */
export const testClusterWorld: World = {
  name: 'TestCluster',
  isVirtual: true,
  time: (units) => units * minuteMs,
  start: (options) => virtualScene(options),
}

/** SQLite in a file, on virtual time. */
export const sqliteWorld: World = {
  name: 'SQLite',
  isVirtual: true,
  time: (units) => units * minuteMs,
  async start(options) {
    const folder = await mkdtemp(join(tmpdir(), 'cruster-workflows-'))
    const clock = new VirtualClock()
    const storage = await openSqliteStorage({ file: join(folder, 'data.db'), clock })
    onTestFinished(async () => {
      await storage[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    })
    return virtualScene({ ...options, clock, storage })
  },
}

let schemas = 0

/** PostgreSQL, on the time of the system. */
export const postgresWorld: World = {
  name: 'PostgreSQL',
  isVirtual: false,
  time: (units) => units * momentMs,
  async start(options) {
    const { url } = await sharedPostgres()
    const schema = `workflows_${process.pid}_${++schemas}`
    const admin = new pg.Client({ connectionString: url })
    await admin.connect()
    await admin.query(`create schema ${schema}`)
    const client = { options: `-c search_path=${schema}` }
    const storage = await openPostgresStorage({ connectionString: url, client, schema })
    onTestFinished(async () => {
      await storage[Symbol.asyncDispose]()
      await admin.query(`drop schema ${schema} cascade`)
      await admin.end()
    })
    const cluster = await startCluster({ leaseTtl: '2s', ...options, clock: 'system', storage })
    return { ...scene(cluster, { isVirtual: false, pass: (ms) => sleep(ms) }), url }
  },
}

async function virtualScene(options: TestClusterOptions): Promise<Scene> {
  const cluster = await startCluster(options)
  return scene(cluster, { isVirtual: true, pass: (ms) => cluster.clock.advance(ms) })
}

async function startCluster(options: TestClusterOptions): Promise<TestCluster> {
  const cluster = await TestCluster.start({ runners: 2, ...options, config: { ...shards, ...options.config } })
  let picture = ''
  onTestFailed(() => console.error(picture))
  onTestFinished(async () => {
    picture = `${cluster.describe()}\n${cluster.log.map((line) => JSON.stringify(line)).join('\n')}`
    await cluster[Symbol.asyncDispose]()
  })
  return cluster
}

function scene(cluster: TestCluster, { isVirtual, pass }: { isVirtual: boolean; pass: Scene['pass'] }): Scene {
  return {
    cluster,
    pass,
    settled: (work) => cluster.settled(work, 'some work', { within: isVirtual ? '2 hours' : '20s' }),
    failure: (work) =>
      cluster.settled(
        work.then(
          (value) => {
            throw new Error(`it did not fail, but gave ${JSON.stringify(value)}`)
          },
          (error: unknown) => error as Error,
        ),
        'a failure',
      ),
  }
}
