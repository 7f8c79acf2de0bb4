import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Runner } from '../src/index.ts'
import { activity, defineEntity, silentLogger, SingleRunner } from '../src/index.ts'

const Counter = defineEntity('Counter', {
  state: () => ({ count: 0 }),
  methods: { increment: activity<number, number>() },
})
const counter = Counter.implement({ increment: ({ state }, amount) => (state.count += amount) })

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cruster-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

describe('a runner that is alone', () => {
  it('goes on where the one before it in the same folder left off', async () => {
    const dataDir = await emptyFolder()
    const increment = async (): Promise<number> => {
      await using runner = await SingleRunner.start({ dataDir, register: [counter] })
      return await runner.client(Counter).get('a').increment(5)
    }

    expect([await increment(), await increment()]).toEqual([5, 10])
  })

  it('keeps to the number of shards that its folder began with', async () => {
    const dataDir = await emptyFolder()
    const start = (shardsPerGroup: number): Promise<Runner> =>
      SingleRunner.start({ dataDir, register: [counter], config: { shardsPerGroup } })
    const first = await start(16)
    await first[Symbol.asyncDispose]()

    await expect(start(32)).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('shardsPerGroup = 16'),
    })

    const again = await start(16)
    await again[Symbol.asyncDispose]()
  })

  it('delivers what was stored before a type was registered', async () => {
    const dataDir = await emptyFolder()
    {
      await using runner = await SingleRunner.start({ dataDir })
      await runner.client(Counter).schedule('a', { after: 1 }).increment(5)
    }

    await using runner = await SingleRunner.start({ dataDir, register: [counter] })
    await expect.poll(() => runner.client(Counter).get('a').increment(0)).toBe(5)
  })

  it('owns every shard', async () => {
    await using runner = await SingleRunner.start({ dataDir: await emptyFolder(), config: { shardsPerGroup: 16 } })

    expect(runner.ownedShards).toBe(16)
  })

  it('refuses a folder that another one has, and says who', async () => {
    const dataDir = await emptyFolder()
    await using runner = await SingleRunner.start({ dataDir })

    await expect(SingleRunner.start({ dataDir })).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining(`in use by process ${process.pid}`),
    })
    expect(runner.ownedShards).toBeGreaterThan(0)
  })

  it('leaves the folder free when it cannot start', async () => {
    const dataDir = await emptyFolder()
    const twice = { dataDir, register: [counter, counter], logger: silentLogger }

    await expect(SingleRunner.start(twice)).rejects.toMatchObject({ code: 'CONFIG' })
    await using runner = await SingleRunner.start({ dataDir, register: [counter] })
    expect(await runner.client(Counter).get('a').increment(1)).toBe(1)
  })

  it('leaves a storage open that it was given, and closes one that it opened', async () => {
    await using given = await openSqliteStorage({ file: ':memory:' })
    const opened = await openSqliteStorage({ file: ':memory:' })

    for (const storage of [given, async () => opened])
      await (await SingleRunner.start({ storage }))[Symbol.asyncDispose]()

    expect(await given.newestEpoch()).toBeGreaterThan(0)
    await expect(opened.newestEpoch()).rejects.toMatchObject({ code: 'STORAGE' })
  })

  it('takes its shards with larger epochs at each start', async () => {
    const dataDir = await emptyFolder()
    const file = join(dataDir, 'cruster.db')
    const epochs: number[] = []
    for (let start = 0; start < 2; start++) {
      await (await SingleRunner.start({ dataDir }))[Symbol.asyncDispose]()
      await using storage = await openSqliteStorage({ file })
      epochs.push(await storage.newestEpoch())
    }

    expect(epochs[1]).toBeGreaterThan(epochs[0] ?? Infinity)
  })
})
