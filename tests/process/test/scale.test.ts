import { expect, it, vi } from 'vitest'
import { ProcessCluster } from '../src/cluster/process-cluster.ts'

// Real processes, in real time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

/** Runs something and says how many milliseconds it took. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now()
  await work()
  return Math.round(performance.now() - begunAt)
}

it('spreads 2048 shards over three runners, and again whenever one joins or leaves', async () => {
  await using cluster = await ProcessCluster.start({ runners: [], shards: 2048 })
  const counts = async (): Promise<readonly number[]> =>
    Promise.all(cluster.runners.map(async (runner) => (await runner.status()).ownedShards))

  const alone = await timed(async () => {
    await cluster.startRunner('a')
    await cluster.balanced()
  })
  const three = await timed(async () => {
    await Promise.all(['b', 'c'].map((name) => cluster.startRunner(name)))
    await cluster.balanced()
  })
  const shares = await counts()
  const load = await cluster.load()
  const left = await timed(async () => {
    await cluster.runner('b').leave()
    await cluster.balanced()
  })
  const back = await timed(async () => {
    await cluster.startRunner('b')
    await cluster.balanced()
  })
  const report = await load.finish()
  const killed = await timed(async () => {
    await cluster.runner('c').kill()
    await cluster.balanced()
  })

  console.log(
    `2048 shards, processes included: first runner ${alone} ms, two more ${three} ms, one leaves ${left} ms, ` +
      `one joins ${back} ms, one is killed ${killed} ms (lease ${cluster.leaseTtlMs} ms); shares ${shares.join(' ')}`,
  )
  // Rendezvous hashing: within a tenth of a third.
  for (const share of shares) expect(Math.abs(share - 2048 / 3)).toBeLessThan(205)
  expect(report.failed).toEqual([])
})
