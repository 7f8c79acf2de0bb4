import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { ProcessCluster } from '../src/cluster/process-cluster.ts'
import { describeGaps, wrongEffects } from '../src/load/check-load.ts'

// Real processes, in real time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

it('fails no call while three runners are restarted one after the other', async () => {
  await using cluster = await ProcessCluster.start()
  const load = await cluster.load()

  for (const name of ['a', 'b', 'c']) {
    await cluster.runner(name).leave()
    await cluster.startRunner(name)
    await cluster.balanced()
    await sleep(300)
  }
  const report = await load.finish()

  console.log(`rolling restart: ${describeGaps(report)}`)
  expect(report.failed).toEqual([])
  expect(wrongEffects(await cluster.applied(), [report])).toEqual([])
})

it('answers each call in time, and neither loses nor doubles anything, when runners are killed', async () => {
  await using cluster = await ProcessCluster.start()
  const timeoutMs = 10_000
  const load = await cluster.load({ timeoutMs })

  for (const name of ['a', 'b', 'c']) {
    await cluster.runner(name).kill()
    await cluster.startRunner(name)
    await cluster.balanced()
  }
  const report = await load.finish()

  console.log(`three kills: ${describeGaps(report)}; ${report.failed.length} failed`)
  // A call that was repeated at the next owner is answered; nothing may be later than its deadline.
  expect(report.slowestMs).toBeLessThan(timeoutMs + 1000)
  expect(report.failed).toEqual([])
  expect(wrongEffects(await cluster.applied(), [report])).toEqual([])
})
