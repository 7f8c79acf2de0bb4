import { expect, it, vi } from 'vitest'
import { ProcessCluster } from '../src/cluster/process-cluster.ts'

// Real processes, in real time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

it('starts runners in processes of their own, which find each other', async () => {
  await using cluster = await ProcessCluster.start({ runners: ['a', 'b'] })
  const [first, second] = cluster.runners
  const load = await cluster.load()

  const counted = await first!.call<number>({ id: 'x', method: 'add', input: 'one' })
  const read = await second!.call<number>({ id: 'x', method: 'read' })
  const report = await load.finish()

  expect([counted, read]).toEqual([1, 1])
  expect(report.failed).toEqual([])
})
