import { activity } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import { TestCluster } from '@cruster/testing'
import { defineWorkflow, typed } from '@cruster/workflow'
import { expect, it, onTestFinished } from 'vitest'
import { testClusterWorld } from '../src/worlds.ts'

const hourMs = 3_600_000
const Year = defineWorkflow('Year', { output: typed<number>() })
const year = Year.implement({
  async run(ctx) {
    const begun = ctx.now()
    await ctx.sleep('365 days')
    return ctx.now() - begun
  },
})

const Days = defineWorkflow('Days', { output: typed<number>(), activities: { think: activity<number, number>() } })

it('sleeps for a year, in which nothing needs to run', async () => {
  const clock = new VirtualClock()
  const storage = await openSqliteStorage({ file: ':memory:', clock })
  onTestFinished(() => storage[Symbol.asyncDispose]())
  const start = () => TestCluster.start({ register: [year], clock, storage, config: { shardsPerGroup: 4 } })
  const before = await start()
  const { executionId } = await before.client(Year).start()
  await clock.advance('5s')
  await before[Symbol.asyncDispose]()

  await clock.advance('365 days')
  const after = await start()
  onTestFinished(() => after[Symbol.asyncDispose]())
  expect(await after.settled(after.client(Year).get(executionId).result())).toBeGreaterThanOrEqual(365 * 24 * hourMs)
})

it('waits for activities of three hours', { timeout: 60_000 }, async () => {
  let clock: { setTimer(ms: number, callback: () => void): unknown } | undefined
  const days = Days.implement({
    activities: {
      think: (_, n) => new Promise<number>((resolve) => clock!.setTimer(3 * hourMs, () => resolve(n * 2))),
    },
    async run(ctx) {
      const begun = ctx.now()
      let n = 1
      for (let turn = 0; turn < 2; turn += 1) n = await ctx.think(n)
      return ctx.now() - begun + n
    },
  })
  const { cluster, settled } = await testClusterWorld.start({ register: [days], runners: 1 })
  clock = cluster.clock
  const result = cluster.client(Days).execute()
  await cluster.clock.advance('7 hours')

  expect(await settled(result)).toBeGreaterThanOrEqual(6 * hourMs + 4)
})
